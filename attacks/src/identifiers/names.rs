//! Names of persons, in columns that are named so.

/// The hundred most frequent Chinese surnames, and some of two characters.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭\
                        廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武莫孔向常汤欧司诸上";

/// Whether a column is named as one that holds names of persons.
pub fn is_name_column(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let named =
        ["name", "names", "surname", "lastname", "firstname", "fullname", "vorname", "nachname", "nom", "prenom"];
    lower.contains("姓名") || words.iter().any(|word| named.contains(word))
}

/// Whether a value may be the name of a person: two to four Chinese characters that begin with a surname, or two or
/// three capitalized words of letters.
pub(super) fn is_person(text: &str) -> bool {
    let characters: Vec<char> = text.trim().chars().collect();
    let is_han = |c: &char| ('\u{4E00}'..='\u{9FFF}').contains(c);
    if (2..=4).contains(&characters.len()) && characters.iter().all(is_han) {
        return SURNAMES.contains(characters[0]);
    }
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_word = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.'))
            && !word.chars().any(|c| is_han(&c))
    };
    (2..=4).contains(&words.len()) && words.iter().all(is_word)
}
