"""What looks like a secret or an address to a hasty reader and is none, and secrets that are easily taken for names."""

from __future__ import annotations

import random
import string

import pytest

from src.utils.privacy.scan import find_private, holds_secret
from src.utils.privacy.spans import PrivateSpan, without_overlaps

ALPHABET = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def drawn(length: int, alphabet: str = ALPHABET) -> str:
    source = random.Random(f"{length} {alphabet}")
    return "".join(source.choice(alphabet) for _ in range(length))


def found(text: str) -> list[tuple[str, str]]:
    return [(span.label, text[span.start : span.end]) for span in find_private(text)]


NO_SECRETS = [
    "account: premium / plan-yearly-2026",
    "wifi 2.4GHz / channel-11",
    "login: ana / status: active",
    "PublicKeyToken=31bf3856ad364e35",
    "openssl req -newkey rsa:2048 -keyout key.pem -out csr.pem",
    "zip -r archive.zip src/ -P",
    "jwt.sign(payload, process.env.JWT_SECRET)",
    "https://corp.io/docs/webhooks/getting-started-with-webhooks",
    "https://corp.io/reset-password/confirm-email-address-page",
    "le mot de passe est incorrect",
    "パスワードは8文字以上16文字以下で入力してください",
    "the password is required to log in",
    "sat_solver_clause_learning_heuristics",
    f"the Primary key fingerprint {drawn(40, HEX.upper())}",
    "Login Windows10 / Windows11Pro",
    "User iPhone14 / iPhone15Pro",
    "User Agent / Mozilla5.0",
    "User: 12:30 / 14:45Uhr",
    "account EUR / US$100m",
    "account: EUR / US$100m",
    "Der User Meier / Abteilung3B",
    "Zugang EG / Raum12B",
    "Zugang: EG / Raum12B",
    "User Name | Windows10Pro",
    "User: Windows10 | Windows11Pro",
    "https://api.github.com/repos/o/r/hooks/12345678/pings",
    "https://corp.io/docs/webhooks/getting-started-with-webhooks-v2",
    f"https://etherscan.io/token/0x{drawn(40, HEX)}",
    f"https://explorer.corp.io/key/0x{drawn(40, HEX)}",
    "User login 550e8400-e29b-41d4-a716-446655440000 succeeded",
    f"feat(auth): auth {drawn(40, HEX)}",
    "fix(auth): auth OAuth2AuthorizationServerConfiguration",
    f"Öffentlicher Schlüssel: AAAAB3NzaC1yc2E{drawn(80)}",
    f"Öffentlicher Schlüssel: {drawn(40)}",
    f"deploy_key = AAAAC3NzaC1lZDI1NTE5{drawn(48)}",
    "Zolltarif-Schlüssel: 84713000KX12AB",
    "Gemeindeschlüssel: 09162000AB12CD34EF56",
    "Länderschlüssel: DE-BY-AB12CD34EF56GH78",
    'clave_producto = "AB12CD34EF56GH78"',
    "Clave de proveedor: PROV2024AB12CD34EF",
    "answer key: 1A2B3C4D5E6F7G8H9I0J1K",
    f"map key: {drawn(24)}",
    f"dictionary key: {drawn(24)}",
    f'token = tokenizer.encode("{drawn(30)}")',
    f"token = cache.get_key('{drawn(30)}')",
    "API-Gateway2RestApiDeployment20240101",
    "ATTACHMENT2023INVOICE88231X",
    "ico-chevrondownleft16px24px",
    "live_streamingServerConfiguration2024v2Final",
    "live_getUserInfoFromApiV2Response",
    "zip -r out.zip dir -pics2024!",
    "mongosh --host x -p27017-a",
    "nmcli con up Home-WLAN2.4",
]


@pytest.mark.parametrize("text", NO_SECRETS)
def test_what_stands_where_secrets_do_is_not_always_one(text: str) -> None:
    assert not holds_secret(text)


VERSIONS = [
    '"version": "2.5.3.1"',
    "version: 2.5.3.1",
    'AssemblyVersion("52.12.3.64")',
    "Bump x from 4.8.1.78 to 4.9.0.80",
    "it fails in Chrome 120.0.0.1 only",
    "the OID 2.5.29.19 names constraints",
    "with lodash 4.17.21.3 installed",
]


@pytest.mark.parametrize("text", VERSIONS)
def test_four_numbers_of_a_version_are_no_address(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["ssh root@{}", "the release is on server {}", "seen ::ffff:{} in the log", '"ip": "{}"']
)
def test_address_of_a_host_is_found_beside_a_version_too(text: str) -> None:
    assert found(text.format("34.66.16.173")) == [("IPV4", "34.66.16.173")]


NAMES = [
    "fw_download_block_size_v2",
    "sl.process_data_frame_v2",
    "secret_manager_client_v2_name",
    "phc_winner_argon2_hash_v2",
    "ntn_export_pages_to_markdown_v2",
    's3_key="uploads/2024/01/report-final.pdf"',
    'dedup_key="order-2024-11-02-000172"',
    "token = tokenizer.encode_v2_batch_texts",
    "password: base64encoded",
    "password: sha256hashed",
    "GET /c?sig=your_signature_goes_here and ?signature=method_name_and_arguments, &Signature=HmacSHA256OfTheRequest",
    "app.js?sig=8f14e45fceea167a5a36dedd4bea2543, ?sig=9F8D7C6B5A43210FEDCBA987, git --gpg-Signature=" + drawn(40, HEX),
    "?signature=Lferry/gate/Pier2%3B%28I%29V &amp;Signature=first~name~second~name~third~name2 ?Signature=OfThePier2",
]


@pytest.mark.parametrize("text", NAMES)
def test_names_and_paths_are_no_keys(text: str) -> None:
    assert not holds_secret(text)


@pytest.mark.parametrize("text", ["+1 2024-11-02 10", "+10000000", "+12 000 000"])
def test_dates_and_amounts_behind_a_sign_are_no_phones(text: str) -> None:
    assert found(text) == []


SECRETS = [
    ("azcopy --sas 'sv=2022-11-02&sr=c&sp=rl&sig={}'", f"{drawn(43)}%3D"),
    ("SharedAccessSignature sr=corp.azure-devices.net&sig={}&se=1700000000", f"{drawn(43)}%3D"),
    ("GET /c/b?sv=2022-11-02&sig={} HTTP/1.1", f"{drawn(43)}%3D"),
    ("401 for https://hooks.harbour.io/v2?sig={}.", drawn(29)),
    ("https://cdn.harbour.io/a.zip?Expires=1700000000&Signature={}&Key-Pair-Id=K2", drawn(60)),
    ("https://cdn.harbour.io/a.zip?Signature={}&Key-Pair-Id=K2", f"{drawn(11)}~{drawn(10)}-{drawn(9)}~{drawn(8)}__"),
    ("<a href='https://cdn.harbour.io/a.zip?Expires=1&amp;Signature={}&amp;Key-Pair-Id=K2'>", f"{drawn(60)}__"),
    ("https://b.harbour.io/o?Expires=11&Signature={}", f"{drawn(15)}%2B{drawn(11)}%3D"),
    ("https://b.harbour.io/a?X-Amz-Expires=600&X-Amz-Signature={}", drawn(64, HEX)),
    ("https://hooks.zapier.com/hooks/catch/{}/", "12345678/b2xk9qz"),
    ("snyk auth {}", "550e8400-e29b-41d4-a716-446655440000"),
    ("wandb login {}", drawn(40, HEX)),
    ("supabase login {}", drawn(40)),
    ("login: tide / {}", "gul1Fjord9"),
    ("nmcli device wifi connect Harbour password {}", "Fjord7kelp"),
    ("wpa_passphrase Harbour {}", "Fjord7kelp"),
    ("wpa_passphrase 'Harbour' {}", "Fjord7kelp"),
    ("zip -r -P {} out.zip dir", "Fjord7kelp"),
    ("7z a -p{} out.7z dir", "Fjord7kelp"),
    ("mongosh --host x -u tide -p {}", "Fjord7kelp"),
    ("sqlcmd -S db -U sa -P {} -i a.sql", "Fjord7kelp"),
    ("htpasswd -cb .htpasswd tide {}", "Fjord7kelp"),
    ("mein API-Schlüssel: {}", drawn(32)),
    ("token = SecretStr('{}')", drawn(36)),
    ("secret = Buffer.from('{}', 'hex')", drawn(40, HEX)),
    ("octopus says {} is bad", f"API-{drawn(30, string.ascii_uppercase + string.digits)}"),
    ("trello says {} is bad", f"ATTA{drawn(64, HEX)}{drawn(8, '0123456789ABCDEF')}"),
    ("DB_PASSWORD={}", "tr0ub4dor3x"),
    ("my password is {}", "hunter2go9"),
    ("password: {}", "bHg72kL!"),
    ("password = b'{}'", "bHg72kL!"),
    ("AKIASTBRDKPNXUNANIUS\nKEY={}", "7ou2GUyuKQo8X4OTxyZokkQPMQYleWIU0QitqfVD"),
    ("aws configure set aws_secret_access_key {}", "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"),
    ("slack says {} is bad", f"xoxb-123456789012-1234567890123-{drawn(24)}"),
    ("the bot {} is silent", f"7283940516:A{drawn(34)}"),
    ("AZURE_OPENAI_KEY={}", drawn(32, HEX)),
    ("it is {} now", f"secret_{drawn(43)}"),
    ("it is {} now", f"hvs.{drawn(90, ALPHABET + '_-')}"),
]


@pytest.mark.parametrize(("text", "value"), SECRETS)
def test_secret_is_found_whole(text: str, value: str) -> None:
    assert value in [piece for _label, piece in found(text.format(value))]


def test_the_same_key_is_found_once_at_each_place() -> None:
    key = f"7283940516:AA{drawn(33)}"
    assert len(found(f"{key} " * 30)) == 30


def test_host_behind_the_password_of_an_address_stays() -> None:
    assert found("postgres://app:Fjord7kelp@db.corp.io:5432/main") == [("DBURL_PW", "Fjord7kelp")]


def test_no_part_of_findings_that_overlap_stays_in_clear() -> None:
    spans = [PrivateSpan(0, 30, "TOKEN"), PrivateSpan(20, 45, "PASSWORD"), PrivateSpan(50, 60, "NAME")]
    assert without_overlaps(spans) == [PrivateSpan(0, 45, "TOKEN"), PrivateSpan(50, 60, "NAME")]
