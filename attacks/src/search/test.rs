use super::*;
use std::sync::Mutex;

/// Sets of letters.
#[allow(clippy::ptr_arg)] // As sets are handed out.
fn larger(set: &Vec<u8>) -> Vec<Vec<u8>> {
    let others = (b'a'..=b'h').filter(|letter| !set.contains(letter));
    let with = |letter| {
        let mut set = set.clone();
        set.push(letter);
        set.sort_unstable();
        set
    };
    others.map(with).collect()
}

fn single() -> Vec<Vec<u8>> {
    (b'a'..=b'h').map(|letter| vec![letter]).collect()
}

#[test]
fn all_sets_of_a_size_are_tried_while_they_are_few_each_once() {
    // Nothing but all three together shows anything, and what grows from the best pair alone would miss it.
    let tried = Mutex::new(Vec::new());
    let shows = |set: &Vec<u8>| {
        tried.lock().unwrap().push(set.clone());
        f64::from(u8::from(b"ceh".iter().all(|letter| set.contains(letter))))
    };
    let found = grow(single(), larger, 3, shows);
    assert_eq!(found.sets, [b"a".to_vec(), b"ceh".to_vec()]);
    let mut tried = tried.into_inner().unwrap();
    // 8, 28 and 56 sets.
    assert_eq!((found.searched, tried.len()), (92, 92));
    tried.sort();
    tried.dedup();
    assert_eq!(tried.len(), 92);
}

#[test]
fn of_many_sets_those_are_tried_that_grow_from_the_best() {
    let first: Vec<Vec<u16>> = (0..200).map(|column| vec![column]).collect();
    let larger = |set: &Vec<u16>| -> Vec<Vec<u16>> {
        let others = (0..200).filter(|column| !set.contains(column));
        others
            .map(|column| {
                let mut set = [set.as_slice(), &[column]].concat();
                set.sort_unstable();
                set
            })
            .collect()
    };
    let worth = |set: &Vec<u16>| set.iter().map(|column| f64::from(*column)).sum();
    let found = grow(first, larger, 3, worth);
    assert_eq!(found.sets, [vec![199], vec![198, 199], vec![197, 198, 199]]);
    // 200 columns, then 199 + 198 pairs with one of the best two, then as many triples with one of the best two pairs.
    assert_eq!(found.searched, 200 + 397 + 395);
}

#[test]
fn nobody_learns_a_column_for_nothing_and_sets_that_show_nothing_are_none() {
    let found = grow(single(), larger, 5, |set| if set.len() < 3 { set.len() as f64 } else { 2.0 });
    assert_eq!(found.sets.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    assert!(grow(single(), larger, 5, |_| f64::NEG_INFINITY).sets.is_empty());
    assert_eq!(grow(Vec::<Vec<u8>>::new(), larger, 5, |_| 1.0).searched, 0);
}
