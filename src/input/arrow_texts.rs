//! Columns of texts in memory, read from where they stand: of plain texts the library would first make views, of 16 bytes a row, and of a
//! dictionary it would first make texts.

use super::texts::TextEncoder;
use super::tokens::{Nulls, TokenColumn};
use polars_arrow::array::{Array, DictionaryArray, DictionaryKey, Utf8Array, Utf8ViewArray};
use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_arrow::offset::Offset;

/// Rows that are read at once: after the first of them it shows whether texts repeat.
const AT_ONCE: usize = 1024;

/// The column that these parts are, if they are texts or a dictionary of texts.
pub(super) fn column(name: &str, field: &Field, parts: &[Box<dyn Array>], nulls: Nulls<'_>) -> Option<TokenColumn> {
    let is_text = |of: &ArrowDataType| matches!(of, ArrowDataType::Utf8 | ArrowDataType::LargeUtf8);
    let add = match &field.dtype {
        of if is_text(of) => add_texts,
        ArrowDataType::Dictionary(_, of, _) if is_text(of) || **of == ArrowDataType::Utf8View => add_dictionary,
        _ => return None,
    };
    let mut encoder = TextEncoder::new(name, parts.iter().map(|part| part.len()).sum(), nulls);
    parts.iter().try_for_each(|part| add(&mut encoder, part.as_ref()))?;
    Some(encoder.finish())
}

fn add_texts(encoder: &mut TextEncoder<'_>, part: &dyn Array) -> Option<()> {
    match part.as_any().downcast_ref::<Utf8Array<i64>>() {
        Some(part) => add_texts_of(encoder, part),
        None => add_texts_of(encoder, part.as_any().downcast_ref::<Utf8Array<i32>>()?),
    }
}

/// Adds texts; `None` when they are none, in which the producer was trusted.
fn add_texts_of<O: Offset>(encoder: &mut TextEncoder<'_>, part: &Utf8Array<O>) -> Option<()> {
    let offsets = part.offsets();
    let (first, last) = (offsets.first().to_usize(), offsets.last().to_usize());
    let text = str::from_utf8(&part.values()[first..last]).ok()?;
    let end = |row: usize| offsets[row].to_usize() - first;
    // What is missing is read as the empty text.
    let span = |row: usize| if part.is_null(row) { 0..0 } else { end(row)..end(row + 1) };
    for begin in (0..part.len()).step_by(AT_ONCE) {
        encoder.add(text, (begin..part.len().min(begin + AT_ONCE)).map(span));
    }
    Some(())
}

fn add_dictionary(encoder: &mut TextEncoder<'_>, part: &dyn Array) -> Option<()> {
    let found = [
        add_dictionary_of::<i8>,
        add_dictionary_of::<i16>,
        add_dictionary_of::<i32>,
        add_dictionary_of::<i64>,
        add_dictionary_of::<u8>,
        add_dictionary_of::<u16>,
        add_dictionary_of::<u32>,
        add_dictionary_of::<u64>,
    ];
    found.into_iter().find_map(|add| add(encoder, part))
}

/// Adds the texts that keys stand for, each of which is looked up once.
fn add_dictionary_of<K: DictionaryKey>(encoder: &mut TextEncoder<'_>, part: &dyn Array) -> Option<()> {
    let part = part.as_any().downcast_ref::<DictionaryArray<K>>()?;
    let texts = texts_of(part.values().as_ref())?;
    match part.validity() {
        Some(_) => encoder.add_keys(&texts, part.keys_iter()),
        None => encoder.add_keys(&texts, part.keys_values_iter().map(Some)),
    }
    Some(())
}

fn texts_of(values: &dyn Array) -> Option<Vec<&str>> {
    let any = values.as_any();
    let large = || Some(any.downcast_ref::<Utf8Array<i64>>()?.iter().map(Option::unwrap_or_default).collect());
    let small = || Some(any.downcast_ref::<Utf8Array<i32>>()?.iter().map(Option::unwrap_or_default).collect());
    let views = || Some(any.downcast_ref::<Utf8ViewArray>()?.iter().map(Option::unwrap_or_default).collect());
    views().or_else(large).or_else(small)
}

#[cfg(test)]
mod test {
    use super::super::tokens::encode_texts;
    use super::*;
    use polars_arrow::array::PrimitiveArray;
    use polars_arrow::datatypes::IntegerType;
    use proptest::prelude::*;

    fn read(of: ArrowDataType, parts: Vec<Box<dyn Array>>) -> TokenColumn {
        let nulls = ["none".to_owned()];
        column("x", &Field::new("x".into(), of, true), &parts, Nulls(&nulls)).unwrap()
    }

    proptest! {
        #[test]
        fn texts_are_read_as_one_by_one(
            texts in prop::collection::vec(prop::option::of("[ab]{0,2}| ?none|[a-c]{14,17}|é{7,8}"), 0..60),
            repeat in 1usize..60,
            (from, split) in (0usize..20, 0usize..2000),
        ) {
            let texts: Vec<Option<String>> = texts.iter().cycle().take(texts.len() * repeat).cloned().collect();
            let from = from.min(texts.len());
            let (all, rest) = (&texts, &texts[from..]);
            let split = split.min(rest.len());
            let nulls = ["none".to_owned()];
            let plain = encode_texts("x", 0, rest.iter().map(Option::as_deref), Nulls(&nulls));

            fn parts<A: Array + Clone>(array: A, cuts: [usize; 3]) -> Vec<Box<dyn Array>> {
                cuts.windows(2).map(|cut| array.sliced(cut[0], cut[1] - cut[0])).collect()
            }
            let cuts = [from, from + split, all.len()];
            let large = Utf8Array::<i64>::from(all.clone());
            prop_assert_eq!(&read(ArrowDataType::LargeUtf8, parts(large, cuts)), &plain);
            let small = Utf8Array::<i32>::from(all.clone());
            prop_assert_eq!(&read(ArrowDataType::Utf8, parts(small, cuts)), &plain);

            let mut values: Vec<Option<String>> = all.clone();
            values.sort();
            values.dedup();
            // A key may be missing, and the value that it stands for.
            let keys: Vec<Option<i16>> = all.iter().enumerate().map(|(row, text)| {
                if text.is_none() && row % 2 == 0 { None } else { Some(values.binary_search(text).unwrap() as i16) }
            }).collect();
            let large = Utf8Array::<i64>::from(values.clone()).boxed();
            for values in [large, Utf8ViewArray::from_slice(values).boxed()] {
                let of = ArrowDataType::Dictionary(IntegerType::Int16, Box::new(values.dtype().clone()), false);
                let array = DictionaryArray::try_new(of.clone(), PrimitiveArray::from(keys.clone()), values).unwrap();
                prop_assert_eq!(&read(of, parts(array, cuts)), &plain);
            }
        }
    }
}
