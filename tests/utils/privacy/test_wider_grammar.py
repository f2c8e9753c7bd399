"""Secrets and people in more ways of writing: each widening beside what looks alike and must stay."""

from __future__ import annotations

import base64
import random
import string

import pytest

from src.utils.privacy.scan import find_private, holds_secret

ALPHABET = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
PASSWORD = "Fjord7!kelp"


def drawn(length: int, alphabet: str = ALPHABET) -> str:
    source = random.Random(f"{length} {alphabet}")
    return "".join(source.choice(alphabet) for _ in range(length))


def found(text: str) -> list[tuple[str, str]]:
    return [(span.label, text[span.start : span.end]) for span in find_private(text)]


PASSWORDS = [
    "CREATE LOGIN app WITH PASSWORD = N'{}';",
    "ALTER USER app IDENTIFIED WITH mysql_native_password BY '{}';",
    'var password = @"{}";',
    'let password = r#"{}"#;',
    'let password: &\'static str = "{}";',
    'password <- "{}"',
    '(setq password "{}")',
    'signingConfigs { release { storePassword "{}" } }',
    '<Password value="{}"/>',
    "process.env.DB_PASSWORD || '{}'",
    'os.getenv("DB_PASSWORD") or "{}"',
    'variable "db_password" {\n  type = string\n  default = "{}"\n}',
    "| password | {} |",
    "**Password:** {}",
    "**Password**: `{}`",
    "<td>Password</td><td>{}</td>",
    "<key>password</key>\n<string>{}</string>",
    "<b>Password:</b> {}",
    "cy.get('#password').type('{}')",
    "bindpw {}",
    "username tide privilege 15 password 0 {}",
    "my password's {}",
    "schtasks /create /tn x /tr x.exe /ru CORP\\kbrandt /rp {}",
    "user feed on >{} ~feed:* +@read",
    "ACL SETUSER feed on >{} +@all",
    "machine corp.cloud\n  login tide\n  password {}\n",
    "curl --proxy-user tide:{} -x http://proxy",
    "Le mot de passe est « {} », il change",
    "Passwort: »{}«",
    "<PassWord>{}</PassWord>",
    "userPassWord='{}'",
    "WiFi key: {}",
    'redisCachePassword: "{}"',
    "the passphrase - {}",
    "das Kennwort für den Server lautet {} und",
    "a senha do servidor é {}, troca",
    "비밀번호는 {} 입니다",
    "パスワードは「{}」です",
    "mdp : {}",
    "heslo: {}",
    "kata sandi: {}",
    "jelszó: {}",
    "סיסמה: {}",
    "echo '{}' | docker login -u tide --password-stdin",
    "echo -n '{}' | kinit tide",
    "sudo -S <<< '{}' ls",
    "az login -u tide -p {}",
    "impala-shell -u tide -w {}",
    "xfreerdp /u:tide /p:{} /v:h",
    "lftp -u tide,{} ftp.corp.io",
    "sftp tide:{}@corp.io",
    "db.corp.io:5432:shop:tide:{}",
    'expect "assword:"\nsend "{}\\r"',
    "usermod -p '{}' tide",
    'new NetworkCredential("tide", "{}")',
    "root:{}@tcp(db:3306)/shop",
    "creds tide:{}",
    "Zugangsdaten: tide / {}",
    "log in with tide / {}",
]


@pytest.mark.parametrize("text", PASSWORDS)
def test_passwords_are_found_in_many_ways_of_writing(text: str) -> None:
    assert PASSWORD in [piece for _label, piece in found(text.replace("{}", PASSWORD))]


NO_PASSWORDS = [
    "| Password | Required |\n| Token | string(64) |",
    "| password | minimum 8 characters |",
    "**Password:** see the vault",
    "<td>Password</td><td>optional</td>",
    "<label>Password:</label> <input>",
    "const password = process.env.DB_PASSWORD || ''",
    'os.getenv("DB_PASSWORD") or "changeme"',
    'variable "db_password" {\n  type = string\n}\nvariable "region" {\n  default = "eu-west-1a"\n}',
    "password hashing: password Sha-256, password Argon2id",
    "if they pass base_1=False or pass Level2 of it",
    'forgot the password "again"',
    "the password for the new server is required",
    "pass 2 of the Compiler2000 run",
    "docker run -u 1000 -p 8080:80 --user app Image2Go:v1.2",
    "curl --user-agent Mozilla/5.0 -p Windows10Pro",
    "echo 'Hello World1!' > out.txt",
    "cat <<< 'Fjord7!kelp'",
    "rsync a:b@host",
    "metrics 10.0.0.1:5432:up:ok:true ",
    'socket.send "Hello2World"',
    "credentials: see section:Access2",
    "user agent:Mozilla5.0",
    "appId: '1:482910442:android:3fa9'",
    "MAILER=smtp://smtp.corp.io notify@smtp.corp.io:587?encryption=tls",
    "Cookie: theme=dark-mode-high-contrast; _ga=GA1.2.1234567890.1700000000",
    "Set-Cookie: lang=en; Path=/; Max-Age=31536000",
    '"auth": "aGVsbG8gd29ybGQ="',
    "certificate-authority-data: " + base64.b64encode(b"-----BEGIN CERTIFICATE-----\n" + b"MIIB" * 30).decode(),
    "PASSWORD_WORDS = N'...'",
]


@pytest.mark.parametrize("text", NO_PASSWORDS)
def test_what_is_written_alike_stays(text: str) -> None:
    assert not holds_secret(text)


TOKENS = [
    ("TOKEN", "sk_{}", drawn(48, HEX)),
    ("TOKEN", "sdk-{}", "23b8c1e9-3924-46de-beb1-3b9046685257"),
    ("TOKEN", "wandb_v1_{}", drawn(60)),
    ("TOKEN", "CCIPAT_{}", drawn(22) + "_" + drawn(40, HEX)),
    ("AZURE_KEY", "{}", drawn(52) + "JQQJ99" + drawn(26)),
    ("AZURE_KEY", "{}", drawn(76) + "+ASt" + drawn(6) + "=="),
    ("TOKEN", "{}", drawn(6) + "_" + drawn(29) + "_mmk"),
    ("GCP_KEY", "AQ.Ab{}", drawn(48)),
]


@pytest.mark.parametrize(("label", "text", "value"), TOKENS)
def test_more_keys_are_known_by_their_shape(label: str, text: str, value: str) -> None:
    whole = text.format(value)
    assert found(f"it fails with {whole} since today") == [(label, whole)]


@pytest.mark.parametrize(
    "text",
    [
        "phc_" + drawn(43),
        "the file sk_deadbeef_notes_for_the_meeting",
        "sdk-android-23.1.2-release-candidate",
        "t1.column_name_of_the_other_table",
        "rnd_seed_for_the_training_data_2024",
        "dp.scim.provisioning_of_all_users_v2",
        "KEY0 KEY01 KEY02_OF_THE_PIANO_KEYBOARD",
        "as-defined-in-section-22-of-the-rfc",
        "pa-ge-and-section-headings-of-this-document1",
    ],
)
def test_names_that_begin_as_keys_do_stay(text: str) -> None:
    assert not holds_secret(text)


def test_values_in_base64_are_looked_into() -> None:
    pem = base64.b64encode(b"-----BEGIN RSA PRIVATE KEY-----\n" + drawn(200).encode()).decode()
    assert found(f"client-key-data: {pem}") == [("PRIVKEY", pem)]
    login = base64.b64encode(b"deploy:kq7!Zm2xW").decode()
    assert found(f"_auth={login}") == [("BASIC", login)]
    logins = base64.b64encode(b'{"auths":{"corp.io":{"auth":"' + login.encode() + b'"}}}').decode()
    assert found(f".dockerconfigjson: {logins}") == [("BASIC", logins)]


def test_cookie_of_a_session_is_found_among_others() -> None:
    text = f"Cookie: theme=dark; _ga=GA1.2.1234567890.1700000000; connect.sid=s%3A{drawn(32)}.x"
    assert found(text) == [("TOKEN", f"s%3A{drawn(32)}.x")]


PEOPLE = [
    ("EMAIL", "?u={}&list=7", "kim.lee%40fjellheim.no"),
    ("EMAIL", "<a>{}</a>", "kim.lee&#64;fjellheim.no"),
    ("EMAIL", "{} ", "kim.lee@fjellheim[.]no"),
    ("EMAIL", "{} ok", "kim.lee＠fjellheim.no"),
    ("EMAIL", "Mail: {}", "kim.lee (ät) fjellheim (punkt) no"),
    ("EMAIL", "correo: {}", "kim.lee arroba fjellheim punto com"),
    ("EMAIL", "écrire à {}", "kim.lee chez fjellheim point fr"),
    ("EMAIL", "or {} then", "kim.lee at gmail.com"),
    ("EMAIL", "or {} then", "kim.lee -at- fjellheim -dot- no"),
    ("PHONE", "電話は{}です", "090-3895-3676"),
    ("PHONE", "SE {}", "070-247 49 25"),
    ("PHONE", "tel NL {} graag", "06-12345678"),
    ("PHONE", "звони {}", "8 (916) 373-44-98"),
    ("PHONE", "<me@example.com> / {}", "087 512 3964"),
    ("PHONE", "call me on {} or", "0803 123 4567"),
    ("PHONE", "CH: {} or", "079 123 45 67"),
    ("PHONE", "Rückruf bitte unter {} oder", "0176 4862 3761"),
    ("CARD", "o cartão {} foi", "5454\xa04791\xa00445\xa07870"),
    ("IPV6", "64 bytes from {}: icmp_seq=1", "2a02:ccd6:fb9::3f"),
    ("EMAIL", "écrivez à {} !", "kbrandt64 arobase orange point fr"),
    ("EMAIL", "write to {} then", "k.lindqvist@harbourbank.example"),
    ("EMAIL", "write to {} then", "karin_lindqvist2@harbourbank.example"),
    ("PHONE", "user@example.com | {}\n", "0612 345 678"),
    ("EMAIL", "maintainer: {}", "kbrandt_at_outlook_dot_com"),
    ("USER", "d:\\users\\{}\\pictures\\x.png", "kbrandt"),
    ("USER", "C:\\Users\\{}\\Desktop", "Pavel Dvorak"),
    ("USER", "\\\\wsl$\\Ubuntu\\home\\{}\\x", "kbrandt"),
    ("USER", "u=file%3A%2F%2F%2Fhome%2F{}%2Fx", "kbrandt"),
    ("USER", "USER         PID %CPU %MEM COMMAND\n{}    9112 98.1  4.2 python", "kbrandt"),
    ("USER", "  PID USER  PR NI\n 9112 {}    20   0  123456", "kbrandt"),
    ("USER", "{}@DESKTOP-8K2 MINGW64 ~/repo (main)\n$ git push", "kbrandt"),
    ("USER", "┌──({}㉿kali)-[~]", "kbrandt"),
    ("USER", "laptop:~ {}$ ls", "kbrandt"),
    ("USER", "sudo:  {} : TTY=pts/0", "kbrandt"),
    ("USER", "ssh -l {} corp", "kbrandt"),
    ("NAME", "My name is {} and", "Quist Aramba"),
    ("NAME", "Viele Grüße\n{}", "Quist Aramba"),
    ("NAME", '"full_name": "{}"', "Quist Aramba"),
    ("NAME", '"customerName": "{}"', "Aramba Laura"),
    ("NAME", "Меня зовут {}, привет", "Дмитрий Соколов"),
    ("NAME", "ФИО: {}", "Соколов Дмитрий Иванович"),
    ("NAME", "我叫{},来自", "李晓明"),
    ("NAME", "会社の{}です", "中村 健太"),
    ("NAME", "제 이름은 {}입니다", "김민수"),
    ("NAME", "* 4be91c2 - (3 days ago) fix it - {}", "Quist Aramba"),
    ("NAME", "4be91c2f ({} 2024-01-02 10:00:00 +0000 12) x", "Quist Aramba"),
    ("NAME", "    12\t{}\n", "Quist Aramba"),
]


@pytest.mark.parametrize(("label", "text", "value"), PEOPLE)
def test_people_are_found_in_many_ways_of_writing(label: str, text: str, value: str) -> None:
    assert found(text.format(value)) == [(label, value)]


NOBODY = [
    "build 087 512 3964 of user@example.com",
    "jane.doe@shop.example, first.last@corp.test, user@shop.example, k.lindqvist@example.org, a.b@c.example",
    "test.user@mail.test foo.bar@baz.test karin.lindqvist@harbour.test sales.team@shop.example no.reply@shop.example",
    "service.account@project.invalid vorname.nachname@firma.example qa.tester@ci.example k_test@x.example",
    "j.doe@shop.example e.mail@shop.example max.mustermann@firma.example info.desk@hotel.example",
    "root@server - 045 123 4567 blocks, pkg@v1.2.3 | 045 123 4567",
    "2024-05-01 INFO user@example.com, 0421 555 667 ms",
    "user@example.com, 0421 555 667\nuser@example.com; 045 123 4567; 100\nuser@example.com | 012 345 6789 | paid",
    "npm/react%4018.2.0 and https://registry.npmjs.org/%40types%2Fnode",
    "look at this point where it is, arrive at the dot com boom",
    "hosted at github.com, version 1.2 at example.org, y = x @ w.T",
    "order 0660 1234567, mode 0644 1234567",
    "0612 345 678 901 234, 06 12 34 56 78 90 ab",
    "C:\\Users\\Public\\Documents, C:\\Users\\Default User\\x, C:\\Users\\All Users\\x",
    "TWINE_USERNAME=__token__",
    "uid=1000(me) gid=27(sudo) groups=27(sudo),999(docker)",
    "link/ether 52:54:00:ab:cd:ef brd ff:ff:ff:ff:ff:ff",
    "Total: ~5 users$ and cost:/unit price$ 3",
    '"name": "Visual Regression", "owner": "Platform Services"',
    '"firstName": "First Name"',
    "* 4be91c2 - fix it - Add Support",
    "    12\tUser Service",
    "Main Module (12):\n",
    "我叫了一辆车，お客様、皆さん、患者さん、担当：未定",
    "С уважением, команда",
    "이용자님",
    "call 2024-11-02 at 10, Rückruf 02.11.2024",
    "la Ligue 1 2022-2023, rappel 0.887654, Rappel : 10 000 000 de personnes",
    "Requires numpy on >=1.26.4-rc1, it runs on >=Python3.9, conditional on >10mmHg",
    "ACL SETUSER Worker-Bee_7 on nopass",
    "Open login page  \nPassword Reset-Form2",
    'boardingPass = \'QX72KL19\', {"seasonPass": "GOLD-2024-A7"}',
    "siteKey: '6LcA8f3k2l9d8s7f6g5h4j3', jobKey: 'a8f3k2l9d8s7f6g5h4j3'",
    "secret du bonheur: 8h-de-sommeil/nuit",
    "def test_import_at_leading_dot_py(): look_at_readme_dot_com(x)",
    "date:   Thu Jan 15 10:22:41 2026 +0100",
    "See sections 4.2.1.3 and 12.4.0.1 of the specification.",
    "-----BEGIN PRIVATE KEY-----\n<paste your key here>\n-----END PRIVATE KEY-----",
    "$this->validate(['password' => 'required|min:12|confirmed']);",
    "const publishableKey = 'pk_a8f3k2l9d8s7f6g5h4j3'",
    "rowKey: 'a8f3k2l9d8s7f6g5h4j3', cacheKey: 'a8f3k2l9d8s7f6g5h4j3'",
    "a_dot_product at_least_once look_at_this_dot_file",
    "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
]


@pytest.mark.parametrize("text", NOBODY)
def test_what_leads_to_nobody_stays(text: str) -> None:
    assert found(text) == []


def test_address_that_anybody_may_post_to_is_a_secret_whole() -> None:
    for address in (
        f"https://hooks.slack.com/services/T03I0QIO8/B0E1DE96A/{drawn(24)}",
        f"https://discord.com/api/webhooks/894781813234291482/{drawn(60)}",
        f"https://canary.discordapp.com/api/webhooks/894781813234291482/{drawn(60)}",
    ):
        assert [value for _, value in found(f"api_url: {address}\n")] == [address]


def test_key_that_a_diff_takes_away_is_found_to_its_end() -> None:
    lines = ["-----BEGIN EC PRIVATE KEY-----", drawn(64), drawn(40), "-----END EC PRIVATE KEY-----"]
    ((label, value),) = found("@@ -1,4 +0,0 @@\n" + "".join(f"-{line}\n" for line in lines))
    assert label == "PRIVKEY"
    assert value.startswith(lines[0])
    assert value.endswith(lines[-1])


def test_key_is_found_behind_a_name_whose_words_begin_with_capitals() -> None:
    key = drawn(32)
    assert found(f"riverbankApiKey: {key}") == [("TOKEN", key)]
