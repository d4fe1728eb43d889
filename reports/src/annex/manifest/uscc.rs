//! Unified social credit codes, GB 32100-2015.

/// The characters of a code, each worth its position.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether a text is a code of 18 characters with its check character: 31 less the sum of weights 3^i, modulo 31.
pub(super) fn is_valid(text: &str) -> bool {
    let worth = |byte: u8| CHARACTERS.iter().position(|known| *known == byte);
    let Some(values) = text.bytes().map(worth).collect::<Option<Vec<usize>>>() else { return false };
    if values.len() != 18 {
        return false;
    }
    let (mut sum, mut weight) = (0, 1);
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values[17] == (31 - sum % 31) % 31
}

#[cfg(test)]
mod test {
    use super::is_valid;

    #[test]
    fn the_check_character_decides() {
        // The example of the standard.
        assert!(is_valid("91350100M000100Y43"));
        for wrong in ["91350100M000100Y44", "91350100M000100Y4", "91350100m000100y43", "", "91350100I000100Y43"] {
            assert!(!is_valid(wrong), "{wrong}");
        }
    }
}
