use super::*;

#[test]
fn published_examples_are_recognized() {
    use IdentifierKind::*;
    let examples = [
        // The example of GB 11643, and one that ends in X.
        ("11010519491231002X", ResidentId),
        ("440524188001010014", ResidentId),
        ("13800138000", MobilePhone),
        ("+86 138-0013-8000", MobilePhone),
        ("010-62781234", Telephone),
        ("+49 30 901820", Telephone),
        ("zhang.san@example.com", Email),
        // Test numbers of card schemes.
        ("4111 1111 1111 1111", CardNumber),
        ("6011000990139424", CardNumber),
        ("京A12345", LicencePlate),
        ("粤B·D12345", LicencePlate),
        ("E12345678", Passport),
        ("1M8GDM9AXKP042788", Vin),
        ("490154203237518", CardNumber),
        ("00:1A:2B:3C:4D:5E", MacAddress),
        ("192.0.2.17", IpAddress),
        ("2001:db8::8a2e:370:7334", IpAddress),
        ("https://example.org/u/17", Url),
        ("DE89 3704 0044 0532 0130 00", Iban),
        ("GB29NWBK60161331926819", Iban),
        ("078-05-1120", UsSsn),
        ("943 476 5919", NhsNumber),
        ("39.90420, 116.40740", Coordinates),
        ("reached at zhang.san@example.com, evenings", Email),
    ];
    for (text, kind) in examples {
        assert_eq!(kind_of(text), Some(kind), "{text}");
    }
}

#[test]
fn ordinary_values_are_none() {
    let ordinary = [
        "11010519491231002Y",
        "110105194912310021",
        "39",
        "2020-12-31",
        "Some-college",
        "United-States",
        "<=50K",
        "138001",
        "12.5, 13.5",
        "a@b",
        "1.2.3",
        "10:30:00",
        "666-05-1120",
        "",
        "四川",
        "上海市",
        "Male",
        "215646",
    ];
    for text in ordinary {
        assert_eq!(kind_of(text), None, "{text}");
    }
}

#[test]
fn a_changed_digit_breaks_every_check() {
    for text in ["11010519491231002X", "1M8GDM9AXKP042788", "DE89370400440532013000", "4111111111111111"] {
        let kind = kind_of(text).unwrap();
        for at in 0..text.len() {
            let digit = text.as_bytes()[at];
            if digit.is_ascii_digit() {
                let mut changed = text.as_bytes().to_vec();
                changed[at] = b'0' + (digit - b'0' + 1) % 10;
                let changed = String::from_utf8(changed).unwrap();
                assert_ne!(kind_of(&changed), Some(kind), "{changed}");
            }
        }
    }
}

#[test]
fn columns_are_reported_by_what_chance_explains() {
    let numbers: Vec<String> = (0..2000u64).map(|at| (4_000_000_000_000_000 + at * 7_919_113).to_string()).collect();
    let values = |texts: &[String]| texts.iter().map(|text| (text.clone(), 1)).collect::<Vec<_>>();
    let found = |name: &str, values: &[(String, u64)]| {
        in_column(name, values.iter().map(|(text, rows)| (text.as_str(), *rows)))
    };
    // One number in ten passes Luhn's check by chance.
    assert_eq!(found("account", &values(&numbers)), []);
    let phones: Vec<String> = (0..200u64).map(|at| (13_000_000_000 + at * 1_237).to_string()).collect();
    let kinds = found("x", &values(&phones));
    assert_eq!(kinds, [Found { kind: IdentifierKind::MobilePhone, rows: 200, of: 200 }]);
    let mut few = values(&numbers);
    few.extend(["a@example.com", "b@example.com", "c@example.com"].map(|text| (text.to_owned(), 10)));
    assert_eq!(found("note", &few), [Found { kind: IdentifierKind::Email, rows: 30, of: 2030 }]);
    let names = ["王伟", "李娜", "张敏", "Ada Lovelace"].map(|text| (text.to_owned(), 1));
    assert_eq!(found("姓名", &names).len(), 1);
    assert_eq!(found("城市", &names), []);
    assert_eq!(found("occupation name", &[("王伟".to_owned(), 500)]), [], "a code that all share");
}

proptest::proptest! {
    #[test]
    fn nothing_short_and_plain_has_a_form(text in "[0-9A-Za-z]{0,8}") {
        proptest::prop_assert_eq!(forms::whole(&text).or_else(|| forms::contained(&text)), None);
    }

    #[test]
    fn no_short_number_has_a_form(number in 0u64..100_000_000) {
        proptest::prop_assert_eq!(forms::whole(&number.to_string()), None);
    }
}
