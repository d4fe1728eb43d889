//! Parquet files, column by column.
//!
//! Most texts stand in such a file as a dictionary and a key for each row. Whoever reads the whole table makes a view of 16 bytes of every
//! row; here the keys are taken over, and each text of a dictionary is looked up once.

use polars::prelude::{PolarsError, PolarsResult};
use polars_arrow::array::Array;
use polars_arrow::datatypes::{ArrowDataType, DTYPE_CATEGORICAL_NEW, Field, IntegerType};
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, PageReader, column_iter_to_arrays, infer_schema,
    read_metadata,
};
use std::io::Cursor;

/// A file whose footer was read.
pub(super) struct File<'a> {
    content: &'a [u8],
    metadata: FileMetadata,
    /// The columns that it says it has.
    pub(super) fields: Vec<Field>,
}

/// A column: what it holds, and its parts, which follow one another.
pub(super) type Parts = (Field, Vec<Box<dyn Array>>);

impl File<'_> {
    /// Reads the footer.
    pub(super) fn open(content: &[u8]) -> PolarsResult<File<'_>> {
        let metadata = read_metadata(&mut Cursor::new(content))?;
        let fields = infer_schema(&metadata)?.iter_values().cloned().collect();
        Ok(File { content, metadata, fields })
    }

    /// Rows, as the footer says.
    pub(super) fn rows(&self) -> usize {
        self.metadata.num_rows
    }

    /// The values of a column that is one value per row: texts as a dictionary for each part, where they stand so in the file.
    pub(super) fn parts(&self, field: &Field) -> PolarsResult<Parts> {
        let (field, parts) = match as_dictionary(field).map(|field| self.parts_as(&field)) {
            Some(Ok(found)) => found,
            // Some part is written in another way.
            _ => self.parts_as(field)?,
        };
        let rows: usize = parts.iter().map(|part| part.len()).sum();
        match rows == self.rows() {
            true => Ok((field, parts)),
            false => Err(damaged("a column has other rows than the file says")),
        }
    }

    fn parts_as(&self, field: &Field) -> PolarsResult<Parts> {
        let mut parts = Vec::new();
        for group in &self.metadata.row_groups {
            let mut columns = group.columns_under_root_iter(&field.name).into_iter().flatten();
            let column = columns.next().ok_or_else(|| damaged("a part lacks a column"))?;
            parts.extend(self.part(column, field)?);
        }
        Ok((field.clone(), parts))
    }

    fn part(&self, column: &ColumnChunkMetadata, field: &Field) -> PolarsResult<Vec<Box<dyn Array>>> {
        if matches!(field.dtype, ArrowDataType::Dictionary(..)) && column.dictionary_page_offset().is_none() {
            return Err(damaged("a part has no dictionary"));
        }
        let range = column.byte_range();
        let bytes = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        let bytes = bytes.and_then(|(start, end)| self.content.get(start..end));
        let bytes = bytes.ok_or_else(|| damaged("a column lies outside of the file"))?;
        let pages = PageReader::new(Cursor::new(bytes.to_vec().into()), column, Vec::new(), usize::MAX);
        let pages = BasicDecompressor::new(pages, Vec::new());
        let of = &column.descriptor().descriptor.primitive_type;
        Ok(column_iter_to_arrays(vec![pages], vec![of], field.clone(), None)?.0)
    }
}

/// A column of texts as one of keys into a dictionary; `None` for other columns.
fn as_dictionary(field: &Field) -> Option<Field> {
    let text = match &field.dtype {
        ArrowDataType::Utf8View => ArrowDataType::Utf8View,
        ArrowDataType::Dictionary(_, of, _) if **of == ArrowDataType::Utf8View => ArrowDataType::Utf8View,
        _ => return None,
    };
    let of = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(text), false);
    // With this mark the decoder keeps the keys.
    let mark = [(DTYPE_CATEGORICAL_NEW.into(), "".into())].into_iter().collect();
    Some(Field::new(field.name.clone(), of, field.is_nullable).with_metadata(mark))
}

fn damaged(what: &'static str) -> PolarsError {
    PolarsError::ComputeError(what.into())
}

#[cfg(test)]
mod test {
    use super::super::tokens::{Nulls, TokenColumn, encode_texts};
    use super::super::{ReadOptions, arrow_texts, file, test::Files};
    use super::*;
    use polars::prelude::{Categories, DataFrame, DataType, NamedFrom, ParquetWriter, Series};

    const ROWS: usize = 5_000;

    /// Columns of texts, in five parts: few values, few with gaps, few at first and then one for each row, nothing but gaps, and categories.
    fn columns() -> [(&'static str, Vec<Option<String>>); 5] {
        let few = |row: usize| Some(format!("value {}", row * 7 % 13));
        let gaps = |row: usize| few(row).filter(|_| !row.is_multiple_of(3));
        let mixed = |row: usize| if row < 2_500 { few(row) } else { Some(format!("only of row {row}")) };
        let of = |value: &dyn Fn(usize) -> Option<String>| (0..ROWS).map(value).collect();
        [
            ("few", of(&few)),
            ("gaps", of(&gaps)),
            ("mixed", of(&mixed)),
            ("none", of(&|_| None)),
            ("categories", of(&gaps)),
        ]
    }

    fn written() -> Vec<u8> {
        let columns = columns().map(|(name, values)| match name {
            "categories" => {
                Series::new(name.into(), values).cast(&DataType::from_categories(Categories::global())).unwrap()
            }
            name => Series::new(name.into(), values),
        });
        let mut frame = DataFrame::new_infer_height(columns.map(Into::into).to_vec()).unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).with_row_group_size(Some(1_000)).finish(&mut frame).unwrap();
        bytes
    }

    #[test]
    fn texts_are_those_of_the_file_however_its_parts_are_written() {
        let bytes = written();
        let opened = File::open(&bytes).unwrap();
        for (name, values) in columns() {
            let field = opened.fields.iter().find(|field| field.name == name).unwrap();
            let (of, parts) = opened.parts(field).unwrap();
            assert_eq!(matches!(of.dtype, ArrowDataType::Dictionary(..)), name != "mixed", "{name}");
            let plain: TokenColumn = encode_texts(name, ROWS, values.iter().map(Option::as_deref), Nulls(&[]));
            if let Some(read) = arrow_texts::column(name, &of, &parts, Nulls(&[])) {
                assert_eq!(read, plain, "{name}");
            }
            let files = Files::new();
            let path = files.write("t.parquet", &bytes);
            let mut read = file::read_file(&path, &ReadOptions::default(), "original").ok().unwrap();
            assert_eq!(read.take(name), Some(plain), "{name}");
        }
    }

    #[test]
    fn a_file_that_was_cut_or_lies_about_its_rows_is_damaged() {
        let bytes = written();
        let mut file = File::open(&bytes).unwrap();
        let few = file.fields[0].clone();
        file.metadata.num_rows += 1;
        assert!(file.parts(&few).is_err());
        file.metadata.num_rows -= 1;
        assert!(file.parts(&few).is_ok());
        file.content = &bytes[..100];
        assert!(file.parts(&few).is_err());
    }
}
