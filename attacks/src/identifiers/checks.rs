//! Check digits.

/// The digits of a text that holds nothing else.
pub(super) fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10).filter(|_| c.is_ascii())).collect()
}

/// Luhn's check (ISO/IEC 7812-1 annex B).
pub(super) fn luhn(digits: &[u32]) -> bool {
    let double = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 1 { double(*digit) } else { *digit }).sum();
    sum.is_multiple_of(10)
}

/// ISO 7064 MOD 11-2 over 17 digits and a check character, as GB 11643 uses it.
pub(super) fn resident_id(text: &str) -> bool {
    let (Some(digits), Some(check)) = (text.get(..17).and_then(digits), text.chars().nth(17)) else { return false };
    let check = if check.eq_ignore_ascii_case(&'x') { Some(10) } else { check.to_digit(10) };
    let folded = digits.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    check.is_some_and(|check| (folded + check) % 11 == 1)
}

/// ISO 7064 MOD 97-10, with letters as 10 to 35, the first four characters moved to the end.
pub(super) fn iban(text: &str) -> bool {
    let mut moved = text.chars().skip(4).chain(text.chars().take(4));
    let remainder = moved.try_fold(0u64, |remainder, c| {
        let value = u64::from(c.to_digit(36)?);
        Some((remainder * if value > 9 { 100 } else { 10 } + value) % 97)
    });
    remainder == Some(1)
}

/// The check of a unified social credit code: weights 3^i, modulus 31 (GB 32100).
pub(super) fn social_credit_code(text: &str) -> bool {
    const SYMBOLS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    if text.len() != 18 {
        return false;
    }
    let values: Option<Vec<usize>> = text.chars().map(|c| SYMBOLS.find(c)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let weighted = values[..17].iter().fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
    (31 - weighted.0 % 31) % 31 == values[17]
}

/// The check digit of a vehicle identification number (49 CFR 565.15).
pub(super) fn vin(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |c: char| match c {
        '0'..='9' => c.to_digit(10),
        'A'..='H' => Some(c as u32 - 'A' as u32 + 1),
        'J'..='R' if c != 'O' && c != 'Q' => Some(c as u32 - 'J' as u32 + 1),
        'S'..='Z' => Some(c as u32 - 'S' as u32 + 2),
        _ => None,
    };
    if text.len() != 17 {
        return false;
    }
    let values: Option<Vec<u32>> = text.chars().map(value).collect();
    let Some(values) = values.filter(|values| values.len() == 17) else { return false };
    let remainder = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum::<u32>() % 11;
    let check = if remainder == 10 { 'X' } else { char::from_digit(remainder, 10).unwrap_or('0') };
    text.chars().nth(8) == Some(check)
}

/// The modulus 11 check of an NHS number: weights 10 to 2.
pub(super) fn nhs(digits: &[u32]) -> bool {
    if digits.len() != 10 {
        return false;
    }
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11 == digits[9]
}
