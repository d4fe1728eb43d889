//! Columns as bytes, for the pipe between the process that decodes a file and the one that asked for it.
//!
//! Both are the same program, so that the form may change with it.

use super::file::Content;
use super::tokens::{Token, TokenColumn};
use std::io::{self, Read, Write};

/// Writes what was read of a file.
pub(super) fn write(out: &mut impl Write, content: &Content) -> io::Result<()> {
    count(out, content.rows)?;
    count(out, content.names.len())?;
    content.names.iter().try_for_each(|name| text(out, name))?;
    count(out, content.columns.len())?;
    content.columns.iter().try_for_each(|column| write_column(out, column))
}

/// Reads it back.
pub(super) fn read(input: &mut impl Read) -> io::Result<Content> {
    let rows = read_count(input)?;
    let names = (0..read_count(input)?).map(|_| read_text(input)).collect::<io::Result<_>>()?;
    let columns = (0..read_count(input)?).map(|_| read_column(input, rows)).collect::<io::Result<_>>()?;
    Ok(Content { names, columns, rows, delimiter: None })
}

fn write_column(out: &mut impl Write, column: &TokenColumn) -> io::Result<()> {
    text(out, &column.name)?;
    count(out, column.tokens.len())?;
    for token in &column.tokens {
        let (kind, value) = match token {
            Token::Missing => (0, 0.0),
            Token::Text(value) => {
                out.write_all(&[1])?;
                text(out, value)?;
                continue;
            }
            Token::Number(value) => (2, *value),
            Token::NotFinite => (3, 0.0),
            Token::Day(value) => (4, *value),
            Token::Second(value) => (5, *value),
        };
        out.write_all(&[kind])?;
        out.write_all(&value.to_bits().to_le_bytes())?;
    }
    // Most columns have few values: their codes take one byte or two.
    let bytes: Vec<u8> = match width(column.tokens.len()) {
        1 => column.codes.iter().map(|code| *code as u8).collect(),
        2 => column.codes.iter().flat_map(|code| (*code as u16).to_le_bytes()).collect(),
        _ => column.codes.iter().flat_map(|code| code.to_le_bytes()).collect(),
    };
    out.write_all(&bytes)
}

fn read_column(input: &mut impl Read, rows: usize) -> io::Result<TokenColumn> {
    let mut column = TokenColumn::new(&read_text(input)?, 0);
    let tokens = read_count(input)?;
    column.tokens.clear();
    for _ in 0..tokens {
        let [kind] = read_array(input)?;
        let mut value = || Ok::<_, io::Error>(f64::from_bits(u64::from_le_bytes(read_array(input)?)));
        column.tokens.push(match kind {
            0 => value().map(|_| Token::Missing)?,
            1 => Token::Text(read_text(input)?.into()),
            2 => Token::Number(value()?),
            3 => value().map(|_| Token::NotFinite)?,
            4 => Token::Day(value()?),
            _ => Token::Second(value()?),
        });
    }
    let width = width(tokens);
    let bytes = read_bytes(input, rows * width)?;
    column.codes = match width {
        1 => bytes.iter().map(|byte| u32::from(*byte)).collect(),
        2 => bytes.as_chunks().0.iter().map(|code| u32::from(u16::from_le_bytes(*code))).collect(),
        _ => bytes.as_chunks().0.iter().map(|code| u32::from_le_bytes(*code)).collect(),
    };
    if column.codes.iter().max().is_some_and(|code| *code as usize >= tokens) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    column.count_rows();
    Ok(column)
}

/// Bytes of a code, by the number of tokens.
fn width(tokens: usize) -> usize {
    match tokens {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

pub(super) fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    count(out, text.len())?;
    out.write_all(text.as_bytes())
}

pub(super) fn read_text(input: &mut impl Read) -> io::Result<String> {
    let length = read_count(input)?;
    String::from_utf8(read_bytes(input, length)?).map_err(io::Error::other)
}

fn count(out: &mut impl Write, count: usize) -> io::Result<()> {
    out.write_all(&(count as u64).to_le_bytes())
}

fn read_count(input: &mut impl Read) -> io::Result<usize> {
    Ok(u64::from_le_bytes(read_array(input)?) as usize)
}

fn read_array<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// So many bytes; the memory for them grows as they come.
fn read_bytes(input: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length.min(1 << 24));
    input.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn columns_come_back_as_they_were() {
        for values in [1, 3, 255, 256, 70_000] {
            let mut column = TokenColumn::new("ä", 0);
            column.add_row(0);
            for at in 0..values {
                let code = column.add_token(match at % 5 {
                    0 => Token::Text(format!("v{at}").into()),
                    1 => Token::Number(at as f64 / 7.0),
                    2 => Token::NotFinite,
                    3 => Token::Day(at as f64),
                    _ => Token::Second(at as f64),
                });
                column.add_row(code);
            }
            let rows = column.codes.len();
            let names = vec!["ä".to_owned(), "ignored".to_owned()];
            let content = Content { names: names.clone(), columns: vec![column.clone()], rows, delimiter: None };
            let mut bytes = Vec::new();
            write(&mut bytes, &content).unwrap();
            let back = read(&mut &bytes[..]).unwrap();
            assert_eq!((back.names, back.rows, back.columns), (names, rows, vec![column]));
            assert!(read(&mut &bytes[..bytes.len() - 1]).is_err());
        }
    }
}
