"""Keys, tokens and passwords: by their shape, by where they stand, by the names they are assigned to."""

from __future__ import annotations

import base64
import random
import string

import pytest

from src.utils.privacy.scan import find_private, holds_secret

ALPHABET = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
CAPITALS = string.ascii_uppercase + "234567"


def drawn(length: int, alphabet: str = ALPHABET, seed: int = 7) -> str:
    """Characters drawn by chance, always the same; letters and digits among them."""
    source = random.Random(f"{seed} {length} {alphabet}")
    return "".join(source.choice(alphabet) for _ in range(length))


def found(text: str) -> list[tuple[str, str]]:
    return [(span.label, text[span.start : span.end]) for span in find_private(text)]


SHAPES = [
    ("AWS_ID", "AKIA" + drawn(16, CAPITALS)),
    ("AWS_ID", "ASIA" + drawn(16, CAPITALS)),
    ("GCP_KEY", "AIza" + drawn(35)),
    ("GITHUB", "ghp_" + drawn(36)),
    ("GITHUB", "github_pat_11" + drawn(70)),
    ("GITLAB", "glpat-" + drawn(20)),
    ("OPENAI", "sk-proj-" + drawn(80)),
    ("ANTHROPIC", "sk-ant-api03-" + drawn(93)),
    ("HF", "hf_" + drawn(34, string.ascii_letters)),
    ("SLACK", f"xoxb-{drawn(12, string.digits)}-{drawn(13, string.digits)}-{drawn(24)}"),
    ("SENDGRID", f"SG.{drawn(22)}.{drawn(43)}"),
    ("TELEGRAM", f"{drawn(10, '23456789')}:AA{drawn(33)}"),
    ("NPM", "npm_" + drawn(36)),
    ("PYPI", "pypi-AgEIcHlwaS5vcmc" + drawn(120)),
    ("TOKEN", "shpat_" + drawn(32, HEX)),
    ("TOKEN", "dapi" + drawn(32, HEX)),
    ("TOKEN", "hvs." + drawn(90)),
    ("TOKEN", f"MTE{drawn(22)}.G{drawn(5)}.{drawn(38)}"),
    ("TOKEN", f"{drawn(14)}.atlasv1.{drawn(67)}"),
    ("TOKEN", f"{drawn(32, HEX)}-us14"),
    ("AZURE_KEY", f"{drawn(3)}8Q~{drawn(34)}"),
    ("TOKEN", "sqp_" + drawn(40, HEX)),
    ("TOKEN", f"xkeysib-{drawn(64, HEX)}-{drawn(16)}"),
    ("TOKEN", f"re_{drawn(8)}_{drawn(24)}"),
    ("TOKEN", f"sk.eyJ{drawn(60)}.{drawn(22)}"),
    ("TOKEN", "live_" + drawn(30)),
    ("TOKEN", f"K10{drawn(64, HEX)}::server:{drawn(32, HEX)}"),
    ("TOKEN", f"{drawn(11)}:APA91b{drawn(134)}"),
    ("TOKEN", "23b8c1e9-3924-46de-beb1-3b9046685257:fx"),
]


@pytest.mark.parametrize(("label", "key"), SHAPES)
def test_keys_of_vendors_are_known_by_their_shape(label: str, key: str) -> None:
    assert found(f"it fails with {key} since today") == [(label, key)]


@pytest.mark.parametrize(("label", "key"), SHAPES)
def test_shape_without_chance_is_a_placeholder(label: str, key: str) -> None:
    assert not holds_secret(f"set it to {key[:4]}your-key-here-example")


def test_stripe_key_is_found_behind_its_beginning() -> None:
    assert found(f'stripe.api_key = "sk_test_{drawn(24)}"')[0][0] == "STRIPE"


def test_secret_without_a_name_is_found_near_its_id() -> None:
    secret = "b7Rk2/mQ9xT4vLp8+ZsW1yHc6NdJ0fGaE3uOiC5q"
    text = f"my id AKIA{drawn(16, CAPITALS)} and the other part {secret} do not work"
    assert ("AWS_SECRET", secret) in found(text)


PASSWORDS = [
    ("password = '{}'", "Fjord7!kelp"),
    ("db:\n  password: {}\n", "Fjord7!kelp"),
    ('{{"password": "{}"}}', "Fjord7!kelp"),
    ("PGPASSWORD={} psql", "Fjord7!kelp"),
    ("my password is {} and it fails", "Fjord7!kelp"),
    ('<add key="SmtpPassword" value="{}" />', "Fjord7!kelp"),
    ("<password>{}</password>", "Fjord7!kelp"),
    ("keytool -storepass {} -list", "Fjord7!kelp"),
    ("ENV MYSQL_ROOT_PASSWORD {}\n", "Fjord7!kelp"),
    ("machine a.io login build password {}", "Fjord7!kelp"),
    ("contraseña: {}", "Fjord7!kelp"),
    ("mot de passe : {}", "Fjord7!kelp"),
    ("mysql -u root -p{} shop", "Fjord7!kelp"),
    ("mysql -p{} -u root shop", "Fjord7!kelp"),
    ("mysql -p'{}' -u root shop", "Fjord7!kelp"),
    ('mysqldump -p"{}" shop', "$tide9Kelp!x"),
    ("curl -u deploy:{} https://nexus.io", "Fjord7!kelp"),
    ("sshpass -p '{}' ssh web1", "Fjord7!kelp"),
    ("redis-cli -a {} ping", "Fjord7kelp9xQ"),
    ("smtp.login('me', '{}')", "xkwq zjvt rmpy dhcg"),
    ("net use Z: \\\\nas\\x /user:corp\\svc {}", "Fjord7!kelp"),
    ("postgres://app:{}@db:5432/main", "Fjord7kelp"),
    ("jdbc:oracle:thin:scott/{}@//db:1521/orcl", "Fjord7_kelp"),
    ("password: !!str {}", "Fjord7!kelp"),
    ("Das Passwort lautet {} bis morgen", "Fjord7!kelp"),
    ("パスワードは {} です", "Fjord7!kelp"),
    ("密码是 {}", "Fjord7!kelp"),
    ("пароль от базы: {}", "Fjord7!kelp"),
    ("I set the root password to {} yesterday", "Fjord7!kelp"),
    ("wifi: Harbour / {}", "gul1Fjord9"),
    ("user tide pass {}", "Fjord7!kelp"),
    ('<property name="connection.password">{}</property>', "Fjord7!kelp"),
    ("smtp_pass => '{}'", "xkwqzjvtrmpydhcg"),
    ('echo "tide:{}" | sudo chpasswd', "Fjord7!kelp"),
    ("echo {} | sudo -S reboot", "Fjord7!kelp"),
    ("openssl enc -aes-256-cbc -k {} -in a", "Fjord7!kelp"),
    ("zip -P {} out.zip data", "Fjord7!kelp"),
    ("htpasswd -b .htpasswd tide {}", "Fjord7!kelp"),
    ("rabbitmqctl add_user tide {}", "Fjord7!kelp"),
    ("net use Z: \\\\nas\\x {} /user:tide", "Fjord7!kelp"),
    ('new PDO($dsn, "tide", "{}")', "Fjord7!kelp"),
]


@pytest.mark.parametrize(("text", "value"), PASSWORDS)
def test_passwords_are_known_by_where_they_stand(text: str, value: str) -> None:
    assert value in [piece for _label, piece in found(text.format(value))]


TOKENS = [
    "API_KEY={}",
    "os.environ['MISTRAL_API_KEY'] = '{}'",
    "Authorization: Bearer {}",
    "Authorization: ApiKey {}",
    "Cookie: sessionid={}; Path=/",
    "    - name: APP_SECRET\n      value: {}\n",
    "sentry-cli --auth-token {}",
    "token: str = '{}'",
    "client = Client('{}')",
    "?api_key={}&format=json",
    "https://{}@git.corp.io/a.git",
    "here is my api key {} please try it",
    "mein API-Schlüssel: {}",
    "ma clé API : {}",
    "mi clave de API es {}",
    "jwt.sign(payload, '{}')",
    "secret_key = bytes.fromhex('{}')",
    "wandb login {}",
    "https://maps.corp.io/tiles?key={}",
    "https://chat.corp.io/hooks/{}",
    "https://app.corp.io/reset-password/{}",
]


@pytest.mark.parametrize("text", TOKENS)
def test_tokens_are_known_by_the_name_before_them(text: str) -> None:
    token = drawn(36)
    assert token in [piece for _label, piece in found(text.format(token))]


def test_private_keys_are_found_whole_and_in_one_line() -> None:
    body = "\n".join(base64.b64encode(drawn(48).encode()).decode() for _ in range(4))
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"
    assert found(f"here:\n{key}\nwhy?") == [("PRIVKEY", key)]
    assert found('"private_key": "' + key.replace("\n", "\\n") + '"')[0][0] == "PRIVKEY"


def test_basic_login_and_web_token_are_decoded_to_be_sure() -> None:
    login = base64.b64encode(b"deploy:kq7!Zm2xW").decode()
    assert found(f"Authorization: Basic {login}") == [("BASIC", login)]
    head = base64.urlsafe_b64encode(b'{"alg":"HS256"}').decode().rstrip("=")
    assert found(f"t = {head}.{drawn(40)}.{drawn(43)}")[0][0] == "JWT"
    assert not holds_secret("Basic Assumptions about eyJ" + "a" * 12 + "." + "b" * 12 + "." + "c" * 12)


CLEAN = [
    "password = os.environ['DB_PASSWORD']\ntoken = get_token(request)",
    "const password = req.body.password; const secret = process.env.JWT_SECRET;",
    "password: ${DB_PASSWORD}\napi_key: {{ .Values.apiKey }}",
    "OPENAI_API_KEY=sk-your-key-here",
    "AKIAIOSFODNN7EXAMPLE is the documented key",
    "def read(self, name, pwd=None): pw = pw[:-1]; password = auth[2]",
    "user = User(password='password123')",
    "postgres://user:password@localhost:5432/db",
    "tokenizer = AutoTokenizer.from_pretrained('bert-base-uncased'); max_new_tokens=256",
    f"cache_key = '{drawn(40, HEX)}'\nsha256:{drawn(64, HEX)}",
    f"commit {drawn(40, HEX)}\nuuid 23b8c1e9-3924-46de-beb1-3b9046685257",
    "sk-toggleable__content-wrapper-estimator",
    "curl -H 'Authorization: Bearer $TOKEN' https://api.corp.io",
    "SELECT * FROM users WHERE password = 'abc' AND token IS NOT NULL",
    f"ssh-rsa {drawn(120)} comment",
    "mysql -u root -p\nEnter password:",
    'mysql -p"$MYSQL_ROOT_PASSWORD" shop < dump.sql',
    'mysqladmin -p"$DB1_PASS" ping',
    'mysql -p"%MYSQL_PW%" shop',
    "mysql -p'$(cat pw12)' shop",
    "mysql -p[password1] shop",
    "mysql -p<your_pw1> shop",
    "mysql -port3307x shop",
    "mysql -prompt=x12 shop",
    "mysqldump -P3307abc shop",
    "def sign(private_key: ed25519.Ed25519PrivateKey, data: bytes): ...",
    "function f(token: OAuth2AccessToken) {}",
    "self.token = TokenV2Serializer",
    "def run(inference_session: Sam2VideoInferenceSession): ...",
]


@pytest.mark.parametrize("text", CLEAN)
def test_code_hashes_and_placeholders_are_no_secrets(text: str) -> None:
    assert not holds_secret(text)
