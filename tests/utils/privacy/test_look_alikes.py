"""What is written as secrets and people are, and is none: prose, code, tables and changelogs of many kinds."""

from __future__ import annotations

import pytest

from src.utils.privacy.scan import find_private


def found(text: str) -> list[tuple[str, str]]:
    return [(span.label, text[span.start : span.end]) for span in find_private(text)]


NO_ADDRESSES = [
    "J'ai acheté mon PC chez Amazon.fr.",
    "on l'a vu chez dupont.fr",
    "mon compte2 chez amazon.fr",
    "w sklepie małpa sklep.pl",
    "20 arroba peso punto final",
    "una arroba tiene punto de venta",
    "See appendix (a) below.The next",
    "2 (a) ff.und",
    "function(a) return.value",
    "matrix(a)row.sum",
    "main.py at mail.go",
    "test_1 at web.py",
    "image＠2x.png",
]
NO_PASSWORDS = [
    "| password | Sha-256 |",
    "| password | PBKDF2-HMAC-SHA256 |",
    "| password | AES-256-GCM |",
    "| password | Base64-encoded |",
    "| password | ChaCha20-Poly1305 |",
    "| Password | Type1/Type2 |",
    "<td>Password</td><td>SCRAM-SHA-256</td>",
    "<th>Password</th><td>bcrypt/argon2</td>",
    "The password's SHA-256 hash",
    "the password's 12-character minimum",
    "t('Password') || 'Mot-de-passe1'",
    "password: bcrypt/argon2id",
    "echo 'Feature#12:Done' | git hash-object --stdin",
    "printf 'Feature#12:Done' | openssl dgst -stdin",
    'res.send "Error404:NotFound!\\n"',
    'send "STATUS:OK200!\\n"',
    "rsync -u -p src/Dir#1A dst",
    "scp host:Backup!2024Q@x .",
    "SELECT t1.Pk8Customer.Fk3OrderLine.Q2Total",
    "#define KEY0A1B2C3D4_OFFSET_REGISTER",
    "user:password@tcp(localhost)",
    "u:changeme@tcp(h)",
    "u:xxxxxxxx@tcp(h)",
    "# Paroles: Sia-2014",
    "Jeton: Table-2014b",
]
NO_ACCOUNTS = [
    "use App\\Users\\Models\\User;",
    "Vendor\\home\\Block\\Slider",
    "new \\Users\\Models\\User()",
    "next=%2Fhome%2Fsettings%2Fprofile",
    "?path=%2FUsers%2Fdetails%2F5",
    "PID file moved\n 12 workers   20   0  started",
    "price:/usr/list total$ 5",
    "C:\\Users\\Public Documents\\x",
]
NO_PHONES = [
    "The article no. 0451 123 4567",
    "Art.-Nr. 0123 456 78 90",
    "Order 0412 345 678 shipped",
    "Version 012 345 6789",
    "matrix: 0400 300 200",
    "Rechnung 045-123 45 67",
    "Firmware rev 06-20231105",
    "mob 10000000 hp",
    "cel 12345678, row 3",
]
NO_NAMES = [
    "Sierra Leone",
    "Alpha Bravo Zulu",
    "Fort Lee",
    "Merge Lee",
    "Hong Kong Kim",
    "Queen Zulu",
    "联系人：方法一般是电话",
    "负责人：马上联系",
    "姓名：高级工程师",
    "我叫高兴",
    "이름: 필수",
    "이름: 이메일",
    "담당자: 개발팀",
    "이름: 최종본",
    "이름은 변수입니다",
    "मेरा नाम क्या है",
    "רשמי של הפרויקט",
    "金 曜日です",
    "Absender: Deutsche Post",
    "Empfänger: Stadtwerke München",
    "Destinatario: Banco Popular",
    "Responsable: Oficina Central Madrid",
    "Клиент: Сбербанк Онлайн",
    "Отправитель: Почта России",
    "имя: Новый Файл",
    "автор: Редакция Новостей",
    "Здравствуйте Дорогие Друзья",
    "С уважением Команда Поддержки",
    "Grüsse Aus Bern",
    "customer_name: Acme Widgets",
    "Breaking Changes (1):\n- x",
    "Merged Pull Requests (3):\n- x",
    "Linear Algebra (3):\n- x",
    "2345678 docs: intro - Quick Start",
]


@pytest.mark.parametrize("text", [*NO_ADDRESSES, *NO_PASSWORDS, *NO_ACCOUNTS, *NO_PHONES, *NO_NAMES])
def test_what_looks_alike_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("label", "text", "value"),
    [
        ("EMAIL", "correo: {}", "kim arroba fjellheim punto com"),
        ("EMAIL", "piši: {}", "kim.lee zavináč fjellheim tečka cz"),
        ("EMAIL", "écrire à {}.", "kim.lee chez gmail.com"),
        ("EMAIL", "or {}.", "kim.lee at web.de"),
        ("EMAIL", "or {} then", "kim_lee at mail.ru"),
        ("PASSWORD", "| password | {} |", "hunter2go9"),
        ("PASSWORD", "process.env.DB_PASSWORD || '{}'", "kq7!Zm2xW"),
        ("PASSWORD", "echo {} | podman login -u tide --password-stdin", "Fjord7!kelp"),
        ("DBURL_PW", "root:{}@tcp(db:3306)/shop", "kelpf7jord"),
        ("USER", "\\\\wsl.localhost\\Ubuntu\\home\\{}\\x", "kbrandt"),
        ("USER", "C:\\Users\\{}\\x", "Pavel Dvorak"),
        ("USER", "laptop:~/src {}$ make", "kbrandt"),
        ("PHONE", "Tel. {}", "045-123 45 67"),
        ("PHONE", "phone: {}", "082 485 6557"),
        ("PHONE", "SE {}", "070-247 49 25"),
        ("NAME", "氏名：{} 電話：03", "佐藤"),
        ("NAME", "联系人：{}，电话", "李晓明"),
        ("NAME", "이름: {}", "김민수"),
        ("NAME", "Absender: {}", "Sabine Quandel"),
        ("NAME", "Клиент: {}", "Соколов Дмитрий"),
        ("NAME", "sender: {}", "Quist Bianchi"),
        ("NAME", "ФИО: {}", "Арамба Квист"),
        ("NAME", "{} (3):\n      Fix it", "Laura Aramba"),
        ("NAME", "4be91c2 fix it - {}", "Laura Aramba"),
    ],
)
def test_what_is_meant_is_found_beside_it(label: str, text: str, value: str) -> None:
    assert found(text.format(value)) == [(label, value)]
