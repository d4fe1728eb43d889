//! Text that is not Unicode: what it is in, told from its bytes alone.
//!
//! The encodings of the last century share their bytes, so that most files can be read as several of them without an error.
//! Only two are believed, and only where the bytes are such as their texts have: a wrong guess makes equal names differ, and
//! then nothing is found.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, GB18030, GBK, WINDOWS_1252};

/// What a text may be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Legacy {
    /// One that it can be read as.
    Sure(&'static Encoding),
    /// One that it may be in; somebody has to say so.
    Perhaps(&'static Encoding),
    /// None that texts of it are known in.
    None,
}

/// Bytes that are looked at.
const SAMPLE: usize = 1 << 20;

/// Tells the encoding of a text that is not UTF-8.
pub(super) fn recognize(bytes: &[u8]) -> Legacy {
    let sample = sample(bytes);
    if sample.contains(&0) {
        return Legacy::None;
    }
    let mut detector = EncodingDetector::new();
    detector.feed(&sample, true);
    let (found, _) = detector.guess_assess(None, false);
    let decodes =
        |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    if found == GBK || found == GB18030 {
        return match (decodes(GB18030), share_of_chinese(&sample)) {
            (false, _) => Legacy::None,
            (true, share) if share >= 0.75 => Legacy::Sure(GB18030),
            _ => Legacy::Perhaps(GB18030),
        };
    }
    if !decodes(found) {
        return Legacy::None;
    }
    match found.is_single_byte() {
        // Bytes beside no letter are more likely damage than text.
        true if share_beside_letters(&sample) < 0.75 => Legacy::None,
        true if found == WINDOWS_1252 && !has_unassigned(&sample) => Legacy::Sure(found),
        _ => Legacy::Perhaps(found),
    }
}

/// The lines that hold more than ASCII, as many as are looked at.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        sample.extend_from_slice(&line[..line.len().min(SAMPLE)]);
        if sample.len() >= SAMPLE {
            break;
        }
    }
    sample
}

/// The share of pairs of bytes that are characters of GB 2312, as nearly all are in Chinese text.
fn share_of_chinese(bytes: &[u8]) -> f64 {
    let (mut pairs, mut common, mut at) = (0, 0, 0);
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            at += 1;
            continue;
        }
        pairs += 1;
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        common += usize::from((0xa1..=0xf7).contains(&bytes[at]) && next >= 0xa1);
        at += if next.is_ascii_digit() { 4 } else { 2 };
    }
    common as f64 / f64::from(pairs.max(1))
}

/// The share of bytes beyond ASCII that stand, by themselves or two together, beside a letter or a digit of ASCII.
fn share_beside_letters(bytes: &[u8]) -> f64 {
    let runs = bytes.split(u8::is_ascii).filter(|run| !run.is_empty());
    let (mut all, mut beside) = (0, 0);
    for run in runs {
        // Where the run begins, from the two slices.
        let start = run.as_ptr().addr() - bytes.as_ptr().addr();
        let neighbors = [start.checked_sub(1), Some(start + run.len())];
        let has_letter = neighbors.into_iter().flatten().any(|at| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric));
        all += run.len();
        beside += if has_letter && run.len() <= 3 { run.len() } else { 0 };
    }
    beside as f64 / f64::max(all as f64, 1.0)
}

/// Whether a byte has no character in Windows-1252.
fn has_unassigned(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d))
}

#[cfg(test)]
mod test {
    use super::*;
    use encoding_rs::{BIG5, EUC_JP, EUC_KR, SHIFT_JIS, WINDOWS_1251};

    fn table(cells: &[&str]) -> String {
        let rows = cells.iter().enumerate().map(|(at, cell)| format!("{at},{cell},x\n"));
        "id,name,job\n".to_owned() + &rows.collect::<String>()
    }

    fn found(encoding: &'static Encoding, cells: &[&str]) -> Legacy {
        let text = table(cells);
        let (bytes, _, unmappable) = encoding.encode(&text);
        assert!(!unmappable);
        recognize(&bytes)
    }

    #[test]
    fn names_of_europe_are_windows_1252() {
        let all = [
            &["Töpfer", "Gärtner", "Größerallee 31", "Köln", "Lehrer"][..],
            &["Müller"],
            &["José", "Peña", "Núñez", "García"],
            &["François", "Hélène", "Garçon", "Noël"],
            &["Bjørn", "Åse", "Sørensen"],
            &["São Paulo", "João", "Conceição"],
        ];
        for cells in all {
            assert_eq!(found(WINDOWS_1252, cells), Legacy::Sure(WINDOWS_1252), "{cells:?}");
        }
    }

    #[test]
    fn chinese_is_gb18030() {
        for cells in [&["上海", "北京"][..], &["李明", "王芳", "张伟", "刘洋"], &["教师", "工程师", "医生"]]
        {
            assert_eq!(found(GBK, cells), Legacy::Sure(GB18030), "{cells:?}");
        }
    }

    #[test]
    fn other_encodings_are_asked_for_and_never_misread() {
        let japanese = ["田中さくら", "東京都新宿区", "ありがとうございます", "スズキ", "教師をしています"];
        let all = [
            (SHIFT_JIS, &japanese[..]),
            (EUC_JP, &japanese),
            (BIG5, &["臺北市", "王小明", "臺灣大學的學生", "國語老師", "醫師"]),
            (EUC_KR, &["서울특별시", "김민수", "선생님입니다", "대한민국", "의사"]),
            (WINDOWS_1251, &["Иванов", "Москва", "учитель", "Петров", "врач"]),
        ];
        for (encoding, cells) in all {
            let found = found(encoding, cells);
            assert!(!matches!(found, Legacy::Sure(_)), "{encoding:?}: {found:?}");
        }
        assert_eq!(recognize(b"a,b\n1,x\n2,\xff\xff\n"), Legacy::None);
    }
}
