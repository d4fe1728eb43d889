//! Two plots as inline SVG: risks as dots with intervals, and risk against the number of columns.
//!
//! Colours come from the page's style sheet by class, so that light, dark and print agree; shapes tell the marks apart
//! without them. Every plot has a title and a description that say in words what it shows.

use std::fmt::Write;

/// Risks of several attacks on one axis.
#[derive(Debug, Clone)]
pub struct IntervalPlot {
    /// What the plot shows.
    pub title: String,
    /// What it shows, figure by figure.
    pub description: String,
    /// Names of the marks.
    pub legend: Legend,
    /// Marks of the axis, from 0 to the largest.
    pub ticks: Vec<Tick>,
    /// One per attack.
    pub rows: Vec<IntervalRow>,
}

/// Names of the marks.
#[derive(Debug, Clone)]
pub struct Legend {
    /// The dot with its interval.
    pub risk: String,
    /// The filled square.
    pub main: String,
    /// The open square.
    pub control: String,
    /// The cross.
    pub baseline: String,
    /// The dashed line.
    pub limit: String,
}

/// One attack.
#[derive(Debug, Clone)]
pub struct IntervalRow {
    /// The attack.
    pub label: String,
    /// Risk and interval in words.
    pub words: String,
    /// Risk, lower end, upper end.
    pub risk: Option<[f64; 3]>,
    /// Success rate on the original.
    pub main: Option<f64>,
    /// Success rate on the control.
    pub control: Option<f64>,
    /// Success rate of the baseline.
    pub baseline: Option<f64>,
    /// The limit.
    pub limit: Option<Limit>,
}

/// A limit and its label.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Where it stands on the axis.
    pub at: f64,
    /// What stands beside it.
    pub label: String,
}

/// A mark of an axis.
#[derive(Debug, Clone)]
pub struct Tick {
    /// Where it stands on the axis.
    pub at: f64,
    /// What stands there.
    pub label: String,
}

/// Risk against the number of columns.
#[derive(Debug, Clone)]
pub struct DosePlot {
    /// What the plot shows.
    pub title: String,
    /// What it shows, point by point.
    pub description: String,
    /// Name of the horizontal axis.
    pub columns: String,
    /// Name of the vertical axis.
    pub risk: String,
    /// Marks of the vertical axis.
    pub ticks: Vec<Tick>,
    /// Points by number of columns, ascending.
    pub points: Vec<DosePoint>,
    /// The limit.
    pub limit: Option<Limit>,
}

/// A point of the curve.
#[derive(Debug, Clone)]
pub struct DosePoint {
    /// Columns of a predicate.
    pub columns: u64,
    /// Risk, lower end, upper end.
    pub risk: [f64; 3],
    /// The risk in words.
    pub label: String,
}

/// Round marks from 0 to at least `largest`, three to six of them and never beyond 1.
pub fn steps(largest: f64) -> Vec<f64> {
    let largest = if largest.is_finite() { largest.clamp(0.01, 1.0) } else { 1.0 };
    let step =
        [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25].into_iter().find(|step| largest / step <= 5.0).unwrap_or(0.25);
    let count = (largest / step - 1e-9).ceil() as usize;
    (0..=count).map(|at| (at as f64 * step).min(1.0)).collect()
}

/// Draws risks as dots with intervals. `id` makes the ids of this drawing its own.
pub fn interval_plot(plot: &IntervalPlot, width: u32, id: &str) -> String {
    let (width, left, right) = (f64::from(width), 14.0, 30.0);
    let (head, row_height, axis) = (8.0, 88.0, 34.0);
    let height = head + plot.rows.len() as f64 * row_height + axis;
    let top = plot.ticks.last().map_or(1.0, |tick| tick.at);
    let x = |at: f64| left + (at.clamp(0.0, top) / top) * (width - left - right);
    let mut svg = open(width, height, id, &plot.title, &plot.description);
    let floor = height - axis;
    for tick in &plot.ticks {
        let at = x(tick.at);
        // Only beside the marks: a line through the words above them would be hard to read.
        for row in 0..plot.rows.len() {
            let y = head + row as f64 * row_height;
            line(&mut svg, "grid", [at, y + 30.0, at, y + row_height]);
        }
        text(&mut svg, "tick", at, floor + 20.0, "middle", &tick.label);
    }
    for (row, data) in plot.rows.iter().enumerate() {
        let y = head + row as f64 * row_height;
        if row > 0 {
            line(&mut svg, "rule", [0.0, y, width, y]);
        }
        let (risk_y, rates_y) = (y + 46.0, y + 72.0);
        if let Some(limit) = &data.limit {
            let at = x(limit.at);
            line(&mut svg, "limit", [at, y + 28.0, at, y + row_height - 4.0]);
            // Beside the line, on the side that has room.
            let (dx, anchor) = if at > width * 0.6 { (-5.0, "end") } else { (5.0, "start") };
            text(&mut svg, "limit-label", at + dx, y + 36.0, anchor, &limit.label);
        }
        text(&mut svg, "label", 0.0, y + 20.0, "start", &data.label);
        text(&mut svg, "words", width, y + 20.0, "end", &data.words);
        if let Some([risk, lo, hi]) = data.risk {
            let below = lo < 0.0;
            let [lo, hi] = [x(lo), x(hi)];
            line(&mut svg, "interval", [lo, risk_y, hi, risk_y]);
            // An interval that goes on below zero has no end there.
            if !below {
                line(&mut svg, "interval", [lo, risk_y - 6.0, lo, risk_y + 6.0]);
            }
            line(&mut svg, "interval", [hi, risk_y - 6.0, hi, risk_y + 6.0]);
            circle(&mut svg, x(risk), risk_y, 6.0);
        }
        if let Some(main) = data.main {
            square(&mut svg, "main", x(main), rates_y);
        }
        if let Some(control) = data.control {
            square(&mut svg, "control", x(control), rates_y);
        }
        if let Some(baseline) = data.baseline {
            cross(&mut svg, x(baseline), rates_y);
        }
    }
    line(&mut svg, "axis", [left, floor, width - right, floor]);
    svg.push_str("</svg>");
    svg
}

/// Draws risk against the number of columns.
pub fn dose_plot(plot: &DosePlot, width: u32, id: &str) -> String {
    let width = f64::from(width);
    let (left, right, head, foot) = (52.0, 16.0, 30.0, 50.0);
    let height = 260.0;
    let (floor, top) = (height - foot, plot.ticks.last().map_or(1.0, |tick| tick.at));
    let y = |at: f64| floor - (at.clamp(0.0, top) / top) * (floor - head);
    let first = plot.points.first().map_or(1, |point| point.columns) as f64;
    let last = plot.points.last().map_or(1, |point| point.columns) as f64;
    let margin = (width - left - right) / (2.0 * plot.points.len().max(1) as f64);
    let span = (last - first).max(1.0);
    let x = |columns: u64| left + margin + (columns as f64 - first) / span * (width - left - right - 2.0 * margin);
    let mut svg = open(width, height, id, &plot.title, &plot.description);
    text(&mut svg, "axis-label", 0.0, 14.0, "start", &plot.risk);
    for tick in &plot.ticks {
        line(&mut svg, "grid", [left, y(tick.at), width - right, y(tick.at)]);
        text(&mut svg, "tick", left - 8.0, y(tick.at) + 4.0, "end", &tick.label);
    }
    if let Some(limit) = &plot.limit {
        line(&mut svg, "limit", [left, y(limit.at), width - right, y(limit.at)]);
        text(&mut svg, "limit-label", width - right, y(limit.at) - 6.0, "end", &limit.label);
    }
    let path: Vec<String> =
        plot.points.iter().map(|point| format!("{:.1},{:.1}", x(point.columns), y(point.risk[0]))).collect();
    let _ = write!(svg, "<polyline class=\"curve\" points=\"{}\"/>", path.join(" "));
    for point in &plot.points {
        let at = x(point.columns);
        let [risk, lo, hi] = point.risk;
        line(&mut svg, "interval", [at, y(lo), at, y(hi)]);
        if lo >= 0.0 {
            line(&mut svg, "interval", [at - 6.0, y(lo), at + 6.0, y(lo)]);
        }
        line(&mut svg, "interval", [at - 6.0, y(hi), at + 6.0, y(hi)]);
        circle(&mut svg, at, y(risk), 5.0);
        text(&mut svg, "point", at, y(hi) - 8.0, "middle", &point.label);
        text(&mut svg, "tick", at, floor + 18.0, "middle", &point.columns.to_string());
    }
    line(&mut svg, "axis", [left, floor, width - right, floor]);
    text(&mut svg, "axis-label", (left + width - right) / 2.0, height - 8.0, "middle", &plot.columns);
    svg.push_str("</svg>");
    svg
}

/// The legend's marks, small enough to stand in a line of text.
pub fn mark(name: &str) -> String {
    let mut svg =
        "<svg class=\"mark\" viewBox=\"0 0 28 16\" width=\"28\" height=\"16\" aria-hidden=\"true\">".to_owned();
    match name {
        "risk" => {
            line(&mut svg, "interval", [2.0, 8.0, 26.0, 8.0]);
            line(&mut svg, "interval", [2.0, 3.0, 2.0, 13.0]);
            line(&mut svg, "interval", [26.0, 3.0, 26.0, 13.0]);
            circle(&mut svg, 14.0, 8.0, 5.0);
        }
        "limit" => line(&mut svg, "limit", [14.0, 0.0, 14.0, 16.0]),
        "baseline" => cross(&mut svg, 14.0, 8.0),
        square_name => square(&mut svg, square_name, 14.0, 8.0),
    }
    svg.push_str("</svg>");
    svg
}

fn open(width: f64, height: f64, id: &str, title: &str, description: &str) -> String {
    let (title, description) = (escape(title), escape(description));
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\
         <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{description}</desc>"
    )
}

fn line(svg: &mut String, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
    let _ = write!(svg, "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>");
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, words: &str) {
    let words = escape(words);
    let _ = write!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>");
}

fn circle(svg: &mut String, x: f64, y: f64, radius: f64) {
    let _ = write!(svg, "<circle class=\"risk\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>");
}

fn square(svg: &mut String, class: &str, x: f64, y: f64) {
    let (x, y) = (x - 5.0, y - 5.0);
    let _ = write!(svg, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"10\" height=\"10\"/>");
}

fn cross(svg: &mut String, x: f64, y: f64) {
    line(svg, "baseline", [x - 5.0, y - 5.0, x + 5.0, y + 5.0]);
    line(svg, "baseline", [x - 5.0, y + 5.0, x + 5.0, y - 5.0]);
}

/// Text for the inside of an element.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn axes_reach_the_largest_value_in_few_steps() {
        for largest in [0.0, 0.004, 0.013, 0.05, 0.09, 0.2034, 0.51, 0.99, 1.0, 7.0, f64::NAN] {
            let steps = steps(largest);
            assert!(steps.len() >= 3 && steps.len() <= 6, "{largest}: {steps:?}");
            let last = steps[steps.len() - 1];
            assert!(last <= 1.0 && (last >= largest || largest.is_nan() || largest > 1.0), "{largest}: {steps:?}");
        }
    }

    #[test]
    fn text_is_escaped() {
        let point = DosePoint { columns: 1, risk: [0.1, 0.0, 0.2], label: "<&\">".to_owned() };
        let plot = DosePlot {
            title: "<script>".to_owned(),
            description: String::new(),
            columns: String::new(),
            risk: String::new(),
            ticks: Vec::new(),
            points: vec![point],
            limit: None,
        };
        let svg = dose_plot(&plot, 300, "a");
        assert!(!svg.contains("<script>") && svg.contains("&lt;&amp;&quot;&gt;"));
    }
}
