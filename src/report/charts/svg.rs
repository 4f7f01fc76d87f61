//! A sheet → an SVG file.

use std::collections::BTreeSet;

use plotters::prelude::{
    Circle, Color, DrawingAreaErrorKind, IntoDrawingArea as _, IntoFont as _, PathElement, Polygon,
    RGBAColor, RGBColor, Rectangle, SVGBackend, ShapeStyle, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ink::{self, Ink};
use super::sheet::{Anchor, Shape, Sheet, Spot, WIDTH};
use super::text::{escaped, plain};

/// Every chart's, so that its style reaches nothing else on a page.
const CLASS: &str = "smschain-chart";
/// plotters writes a size divided by this.
const POINTS: f64 = 1.24;

/// The file. It has no random part and no clock: equal sheets give equal bytes.
pub(super) fn svg(name: &str, sheet: &Sheet) -> String {
    let mut drawn = String::new();
    // Writing into a text does not fail.
    drop(draw(&mut drawn, sheet));
    // plotters' own head says the size of the coordinates.
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    let body = body.trim_end().trim_end_matches("</svg>");
    let (width, height) = (WIDTH / 2, sheet.height / 2);
    let mut file = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{CLASS}\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" \
         aria-labelledby=\"chart-{name}-title chart-{name}-desc\">\n\
         <title id=\"chart-{name}-title\">{}</title>\n\
         <desc id=\"chart-{name}-desc\">{}</desc>\n\
         <style>{}</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{}\" fill=\"#FFFFFF\"/>\n",
        sheet.height,
        escaped(&sheet.title),
        escaped(&sheet.description),
        ink::style(CLASS, inks(sheet).into_iter()),
        sheet.height,
    );
    file.push_str(body);
    file.push_str("<g class=\"marks\" fill=\"#000000\" fill-opacity=\"0\">\n");
    for (spot, text) in &sheet.marks {
        let text = escaped(text);
        file.push_str(&match *spot {
            Spot::Round { at: (x, y), radius } => {
                format!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"><title>{text}</title></circle>\n"
                )
            }
            Spot::Box { from, to } => format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{text}</title></rect>\n",
                from.0,
                from.1,
                to.0 - from.0,
                to.1 - from.1
            ),
        });
    }
    file.push_str("</g>\n</svg>\n");
    file
}

/// The inks of a sheet, those of the paper first.
fn inks(sheet: &Sheet) -> BTreeSet<Ink> {
    let inks = sheet.shapes.iter().map(|shape| match shape {
        Shape::Path { ink, .. }
        | Shape::Area { ink, .. }
        | Shape::Box { ink, .. }
        | Shape::Dot { ink, .. }
        | Shape::Text { ink, .. } => *ink,
    });
    inks.chain([Ink::PAPER]).collect()
}

fn draw(out: &mut String, sheet: &Sheet) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    let size = (WIDTH.unsigned_abs(), sheet.height.unsigned_abs());
    let area = SVGBackend::with_string(out, size).into_drawing_area();
    for shape in &sheet.shapes {
        match shape {
            Shape::Path { points, ink, width } => {
                area.draw(&PathElement::new(points.clone(), solid(*ink).stroke_width(*width)))?;
            }
            Shape::Area { points, ink, alpha } => {
                area.draw(&Polygon::new(points.clone(), colour(*ink, *alpha)))?;
            }
            Shape::Box { from, to, ink, alpha } => {
                area.draw(&Rectangle::new([*from, *to], colour(*ink, *alpha).filled()))?;
            }
            Shape::Dot { at, radius, ink } => {
                area.draw(&Circle::new(*at, *radius, solid(*ink).filled()))?;
            }
            Shape::Text { at, text, size, anchor, ink } => {
                let place = match anchor {
                    Anchor::Start => HPos::Left,
                    Anchor::Middle => HPos::Center,
                    Anchor::End => HPos::Right,
                };
                let font = ("sans-serif", f64::from(*size) * POINTS).into_font();
                let style = font.color(&colour(*ink, 1.0)).pos(Pos::new(place, VPos::Center));
                area.draw(&Text::new(plain(text), *at, style))?;
            }
        }
    }
    area.present()
}

fn solid(ink: Ink) -> ShapeStyle {
    ShapeStyle { color: colour(ink, 1.0), filled: false, stroke_width: 1 }
}

fn colour(ink: Ink, alpha: f64) -> RGBAColor {
    let [_, red, green, blue] = ink.light.to_be_bytes();
    RGBColor(red, green, blue).mix((alpha * 100.0).round() / 100.0)
}
