"""Check digits of cards, accounts and national identity numbers. Every function takes digits (and letters) without
spaces, and says whether the check digit is right."""

from __future__ import annotations

from collections.abc import Sequence

_SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE"
_VERHOEFF_D = tuple(
    tuple((a + b) % 5 + 5 * (a // 5 ^ b // 5) if a < 5 else (a - b) % 5 + 5 * (a // 5 ^ b // 5) for b in range(10))
    for a in range(10)
)
"""Multiplication in the dihedral group of ten elements."""
_VERHOEFF_P = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_ITALIAN_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: cards, the Swedish and the Canadian number."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban(account: str) -> bool:
    """ISO 13616: modulo 97 is 1."""
    if not 15 <= len(account) <= 34:
        return False
    moved = account[4:] + account[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def american(digits: str) -> bool:
    """Numbers that the Social Security Administration gives out; it has no check digit."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    given = area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"
    return given and digits not in ("123456789", "078051120", "219099999", "111223333")


def spanish(number: str) -> bool:
    """DNI and NIE: the letter is the number modulo 23."""
    digits = str("XYZ".index(number[0])) + number[1:-1] if number[0] in "XYZ" else number[:-1]
    return number[-1] == _SPANISH[int(digits) % 23]


def brazilian(digits: str) -> bool:
    """CPF: two weighted sums modulo 11."""
    if len(set(digits)) == 1:
        return False
    return all(
        (_weighted(digits[:size], range(size + 1, 1, -1)) * 10 % 11) % 10 == int(digits[size]) for size in (9, 10)
    )


def french(digits: str) -> bool:
    """NIR: the key is 97 less the number modulo 97."""
    return int(digits[13:]) == 97 - int(digits[:13]) % 97


def german(digits: str) -> bool:
    """Tax number (ISO/IEC 7064, MOD 11,10)."""
    product = 10
    for char in digits[:10]:
        total = (int(char) + product) % 10 or 10
        product = total * 2 % 11
    return digits[0] != "0" and (11 - product) % 10 == int(digits[10])


def polish(digits: str) -> bool:
    """PESEL."""
    return (10 - _weighted(digits[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(digits[10])


def dutch(digits: str) -> bool:
    """BSN: the test of eleven."""
    return _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def british_health(digits: str) -> bool:
    """NHS number: modulo 11."""
    return (11 - _weighted(digits[:9], range(10, 1, -1)) % 11) % 11 == int(digits[9])


def swiss(digits: str) -> bool:
    """AHV number (EAN-13)."""
    return digits.startswith("756") and _weighted(digits, (1, 3) * 6 + (1,)) % 10 == 0


def indian(digits: str) -> bool:
    """Aadhaar (Verhoeff)."""
    check = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char)
        for _ in range(place % 8):
            value = _VERHOEFF_P[value]
        check = _VERHOEFF_D[check][value]
    return check == 0 and digits[0] not in "01"


def italian(code: str) -> bool:
    """Codice fiscale: odd places have values of their own."""
    total = 0
    for place, char in enumerate(code[:15], start=1):
        value = int(char) if char.isdigit() else ord(char) - ord("A")
        total += _ITALIAN_ODD[value] if place % 2 else value
    return chr(ord("A") + total % 26) == code[15]


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(char) * weight for char, weight in zip(digits, weights, strict=False))
