//! Sections: their fixed order and titles, and the numbers of the headings within them.

use super::{Block, Serialize, Table, Text};
use crate::message::{Language, Messages};

/// A section of the annex: its place and title are fixed, so that a reviewer finds the same thing under the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionId {
    /// 一、结论摘要.
    Conclusion,
    /// 二、评估工作概述.
    Work,
    /// 三、处理活动与共享场景.
    Processing,
    /// 四、数据集与数据项清单.
    DataItems,
    /// 五、匿名化（去标识化）处理措施.
    Measures,
    /// 六、标识符识别报告.
    Identifiers,
    /// 七、重标识风险计算方案与结果.
    Risk,
    /// 八、基于攻击的验证测试.
    Attacks,
    /// 九、不可复原性验证.
    Reversibility,
    /// 十、敏感性与稳健性.
    Robustness,
    /// 十一、数据有用性验证.
    Utility,
    /// 十二、个人信息保护影响风险等级.
    Rating,
    /// 十三、剩余风险、局限与处置建议.
    Remaining,
    /// 十四、重新评估与留存.
    Renewal,
    /// 十五、可复现性与完整性证明.
    Integrity,
    /// 十六、条款对照表.
    Clauses,
}

/// The Chinese numbers of sections and headings, as far as they are needed.
const CHINESE: [&str; 20] = [
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六", "十七",
    "十八", "十九", "二十",
];

impl SectionId {
    /// All sections, in their order.
    pub const ALL: [SectionId; 16] = [
        SectionId::Conclusion,
        SectionId::Work,
        SectionId::Processing,
        SectionId::DataItems,
        SectionId::Measures,
        SectionId::Identifiers,
        SectionId::Risk,
        SectionId::Attacks,
        SectionId::Reversibility,
        SectionId::Robustness,
        SectionId::Utility,
        SectionId::Rating,
        SectionId::Remaining,
        SectionId::Renewal,
        SectionId::Integrity,
        SectionId::Clauses,
    ];

    /// Key of its title.
    pub fn key(self) -> &'static str {
        match self {
            SectionId::Conclusion => "annex.section.conclusion",
            SectionId::Work => "annex.section.work",
            SectionId::Processing => "annex.section.processing",
            SectionId::DataItems => "annex.section.data_items",
            SectionId::Measures => "annex.section.measures",
            SectionId::Identifiers => "annex.section.identifiers",
            SectionId::Risk => "annex.section.risk",
            SectionId::Attacks => "annex.section.attacks",
            SectionId::Reversibility => "annex.section.reversibility",
            SectionId::Robustness => "annex.section.robustness",
            SectionId::Utility => "annex.section.utility",
            SectionId::Rating => "annex.section.rating",
            SectionId::Remaining => "annex.section.remaining",
            SectionId::Renewal => "annex.section.renewal",
            SectionId::Integrity => "annex.section.integrity",
            SectionId::Clauses => "annex.section.clauses",
        }
    }

    /// Its number without punctuation, by which other sections point at it: 「八」 or 8.
    pub fn number(self, language: Language) -> String {
        match language {
            Language::Chinese => CHINESE[self as usize].to_owned(),
            Language::English => (self as usize + 1).to_string(),
        }
    }
}

/// A section and its blocks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Which one.
    pub id: SectionId,
    /// Its number with its punctuation: 「一、」 or `1. `.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
    #[serde(skip)]
    language: Language,
}

impl Section {
    /// An empty section with its number and title.
    pub fn new(id: SectionId, language: Language) -> Section {
        let number = id.number(language);
        let number = match language {
            Language::Chinese => format!("{number}、"),
            Language::English => format!("{number}. "),
        };
        let title = Messages::of(language).text(id.key()).to_owned();
        Section { id, number, title, blocks: Vec::new(), language }
    }

    /// Adds a heading of the second level and numbers it: 「（一）」.
    pub fn heading(&mut self, text: impl Into<String>) {
        let before = self.blocks.iter().filter(|block| matches!(block, Block::Heading { level: 2, .. })).count();
        let number = match self.language {
            Language::Chinese => format!("（{}）", CHINESE[before % CHINESE.len()]),
            Language::English => format!("{}.{} ", self.id as usize + 1, before + 1),
        };
        self.blocks.push(Block::Heading { level: 2, number, text: text.into() });
    }

    /// Adds a heading of the third level and numbers it within the last one of the second: 「1. 」.
    pub fn subheading(&mut self, text: impl Into<String>) {
        let level = |block: &Block| match block {
            Block::Heading { level, .. } => Some(*level),
            _ => None,
        };
        let before = self.blocks.iter().rev().filter_map(level).take_while(|level| *level == 3).count();
        self.blocks.push(Block::Heading { level: 3, number: format!("{}. ", before + 1), text: text.into() });
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: impl Into<Text>) {
        self.blocks.push(Block::Paragraph { text: text.into() });
    }

    /// Adds a paragraph in red.
    pub fn warning(&mut self, text: impl Into<Text>) {
        self.blocks.push(Block::Warning { text: text.into() });
    }

    /// Adds numbered items, unless there are none.
    pub fn items<T: Into<Text>>(&mut self, items: impl IntoIterator<Item = T>) {
        let items: Vec<Text> = items.into_iter().map(Into::into).collect();
        if !items.is_empty() {
            self.blocks.push(Block::Items { items });
        }
    }

    /// Adds a table.
    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    /// Adds lines that are copied as they stand.
    pub fn code(&mut self, lines: impl IntoIterator<Item = String>) {
        self.blocks.push(Block::Code { lines: lines.into_iter().collect() });
    }
}
