//! Codes of many records as planes of bytes, arranged in blocks for the counting loop.

use super::kernel::{LANES, Place};

/// Columns of codes over the same records, each as many planes as its codes have bytes.
pub(super) struct Planes {
    records: usize,
    planes: Vec<Vec<u8>>,
    /// Block by block, plane by plane, one byte per record.
    blocks: Vec<u8>,
    width: usize,
}

impl Planes {
    /// No column yet, over so many records.
    pub fn new(records: usize) -> Planes {
        Planes { records, planes: Vec::new(), blocks: Vec::new(), width: 0 }
    }

    /// Adds a column of codes below `count`, and says where it is.
    pub fn add(&mut self, codes: &[u32], count: u32) -> Place {
        let planes = (1..4).find(|bytes| count <= 1 << (8 * bytes)).unwrap_or(4);
        let plane = self.planes.len();
        self.planes.extend((0..planes).map(|byte| codes.iter().map(|code| code.to_le_bytes()[byte]).collect()));
        Place { plane, planes }
    }

    /// Arranges all columns that were added.
    pub fn arrange(&mut self) {
        self.width = self.planes.len();
        self.blocks = vec![0; self.padded() * self.width];
        for (block, bytes) in self.blocks.chunks_exact_mut((self.width * LANES).max(1)).enumerate() {
            let records = block * LANES..self.records.min((block + 1) * LANES);
            for (plane, bytes) in self.planes.iter().zip(bytes.chunks_exact_mut(LANES)) {
                bytes[..records.len()].copy_from_slice(&plane[records.clone()]);
            }
        }
        self.planes = Vec::new();
    }

    /// Bytes per record.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Records, rounded up to whole blocks.
    pub fn padded(&self) -> usize {
        self.records.next_multiple_of(LANES)
    }

    /// The bytes of some blocks.
    pub fn of(&self, blocks: std::ops::Range<usize>) -> &[u8] {
        &self.blocks[blocks.start * self.width * LANES..blocks.end * self.width * LANES]
    }
}
