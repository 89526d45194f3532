//! The patrol areas as a drawing: shapes, and labels that never run into each other. No tiles, no streets, no trail.
//! It repeats the list beside it, so it is one picture to a screen reader and nothing on it is pressed.

use beatbook_domain::id::Code;
use leptos::prelude::*;

use crate::locales::words;

/// Width of the drawing, its own units.
const WIDTH: f64 = 400.0;
/// The drawing is as high as its areas need, between these.
const HEIGHTS: (f64, f64) = (200.0, 320.0);
/// Room around the shapes for their labels.
const MARGIN: f64 = 34.0;
/// A label: height, its round count, width of one letter, space at both ends.
const LABEL_H: f64 = 28.0;
const COUNT_W: f64 = 30.0;
const LETTER_W: f64 = 8.0;
const ENDS_W: f64 = 16.0;
/// Space kept between labels.
const APART: f64 = 4.0;
/// A shape smaller than this would not be seen: it is drawn as a dot.
const DOT: f64 = 7.0;
/// Millionths of a degree in a degree.
const E6: f64 = 1_000_000.0;

/// An area to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Its code.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// Minutes since the last visit, or of the running one, as shown on its label.
    pub count: String,
    /// The officer is here.
    pub here: bool,
    /// Longer without a visit than its owner wants.
    pub overdue: bool,
    /// How it is shaded, 0 to 3, where the map is of counts.
    pub step: Option<u8>,
    /// Outer ring: longitude, latitude in microdegrees.
    pub shape: Vec<(i32, i32)>,
}

/// A rectangle in the drawing's units.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Box2 {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

impl Box2 {
    fn touches(&self, other: &Self) -> bool {
        self.x < other.x + other.w + APART
            && other.x < self.x + self.w + APART
            && self.y < other.y + other.h + APART
            && other.y < self.y + self.h + APART
    }

    /// The area both cover; a shape that holds the whole of the other is its ground, not hidden by it.
    fn overlap(&self, other: &Self) -> f64 {
        let across = (self.x + self.w).min(other.x + other.w) - self.x.max(other.x);
        let down = (self.y + self.h).min(other.y + other.h) - self.y.max(other.y);
        let shared = across.max(0.0) * down.max(0.0);
        if shared >= other.w * other.h { 0.0 } else { shared }
    }

    fn within(&self, height: f64) -> bool {
        self.x >= 2.0 && self.y >= 2.0 && self.x + self.w <= WIDTH - 2.0 && self.y + self.h <= height - 2.0
    }
}

/// From microdegrees to the drawing: north is up, and a mile east is as long as a mile north.
struct Projection {
    west: f64,
    north: f64,
    scale: f64,
    squeeze: f64,
    left: f64,
    top: f64,
    height: f64,
}

impl Projection {
    /// Fits all points; `None` without any.
    fn fit<'a>(points: impl Iterator<Item = &'a (i32, i32)>) -> Option<Self> {
        let (mut west, mut south, mut east, mut north) = (i32::MAX, i32::MAX, i32::MIN, i32::MIN);
        for (lon, lat) in points {
            (west, east) = (west.min(*lon), east.max(*lon));
            (south, north) = (south.min(*lat), north.max(*lat));
        }
        if west > east {
            return None;
        }
        let [west, south, east, north] = [west, south, east, north].map(f64::from);
        let squeeze = ((south + north) / 2.0 / E6).to_radians().cos();
        // A single point has no extent; a hundred metres around it has.
        let (across, up) = (((east - west) * squeeze).max(1_000.0), (north - south).max(1_000.0));
        let room = (WIDTH - 2.0 * MARGIN, HEIGHTS.1 - 2.0 * MARGIN);
        let scale = (room.0 / across).min(room.1 / up);
        let height = (up * scale + 2.0 * MARGIN).clamp(HEIGHTS.0, HEIGHTS.1);
        let (left, top) = ((WIDTH - across * scale) / 2.0, (height - up * scale) / 2.0);
        Some(Self { west, north, scale, squeeze, left, top, height })
    }

    fn at(&self, (lon, lat): (i32, i32)) -> (f64, f64) {
        (
            self.left + (f64::from(lon) - self.west) * self.squeeze * self.scale,
            self.top + (self.north - f64::from(lat)) * self.scale,
        )
    }

    fn bounds(&self, shape: &[(i32, i32)]) -> Box2 {
        let mut points = shape.iter().map(|point| self.at(*point));
        let (x, y) = points.next().unwrap_or_default();
        let (mut x0, mut y0, mut x1, mut y1) = (x, y, x, y);
        for (x, y) in points {
            (x0, x1) = (x0.min(x), x1.max(x));
            (y0, y1) = (y0.min(y), y1.max(y));
        }
        Box2 { x: x0, y: y0, w: x1 - x0, h: y1 - y0 }
    }
}

/// Where a label stands; without the name where that would run into another.
#[derive(Debug, Clone, PartialEq)]
struct Label {
    place: usize,
    at: Box2,
    named: bool,
}

/// Labels in order of importance: here first, then as the areas come. Each stands beside its shape, where it hides least
/// of the others; names give way before counts.
fn labels(areas: &[Drawn], boxes: &[Box2], height: f64) -> Vec<Label> {
    let mut order: Vec<usize> = (0..areas.len()).collect();
    order.sort_by_key(|place| (!areas[*place].here, *place));
    let mut set: Vec<Label> = Vec::new();
    for place in order {
        let free = |at: &Box2| at.within(height) && !set.iter().any(|other| other.at.touches(at));
        let hides = |at: &Box2| boxes.iter().map(|shape| shape.overlap(at)).sum::<f64>();
        let best = |width: f64| {
            beside(boxes[place], width)
                .into_iter()
                .filter(|at| free(at))
                .min_by(|one, other| hides(one).total_cmp(&hides(other)))
        };
        #[allow(clippy::cast_precision_loss, reason = "a name has few letters")]
        let letters = areas[place].name.chars().count() as f64;
        let named = best(COUNT_W + ENDS_W + letters * LETTER_W).map(|at| Label { place, at, named: true });
        set.extend(named.or_else(|| best(COUNT_W).map(|at| Label { place, at, named: false })));
    }
    set
}

/// Where a label of this width may stand at a shape: above, below, at either side, on it.
fn beside(shape: Box2, w: f64) -> [Box2; 5] {
    let (middle, centre) = (shape.x + shape.w / 2.0, shape.y + shape.h / 2.0);
    let inside = |x: f64| x.clamp(2.0, (WIDTH - w - 2.0).max(2.0));
    [
        (inside(middle - w / 2.0), shape.y - LABEL_H - APART),
        (inside(middle - w / 2.0), shape.y + shape.h + APART),
        (shape.x + shape.w + APART, centre - LABEL_H / 2.0),
        (shape.x - w - APART, centre - LABEL_H / 2.0),
        (inside(middle - w / 2.0), centre - LABEL_H / 2.0),
    ]
    .map(|(x, y)| Box2 { x, y, w, h: LABEL_H })
}

/// The drawing.
#[component]
pub fn AreaMap(
    /// The areas, the most important first.
    #[prop(into)]
    areas: Signal<Vec<Drawn>>,
    /// What it is, for who cannot see it.
    #[prop(default = words::MAP_LABEL)]
    label: &'static str,
) -> impl IntoView {
    move || {
        let areas = areas.get();
        let projection = Projection::fit(areas.iter().flat_map(|area| &area.shape))?;
        let boxes: Vec<Box2> = areas.iter().map(|area| projection.bounds(&area.shape)).collect();
        let labels = labels(&areas, &boxes, projection.height);
        // The large ones lie under the small ones.
        let mut order: Vec<usize> =
            (0..areas.len()).filter(|place| !areas[*place].shape.is_empty()).collect();
        order.sort_by(|a, b| (boxes[*b].w * boxes[*b].h).total_cmp(&(boxes[*a].w * boxes[*a].h)));
        let shapes = order
            .into_iter()
            .map(|place| {
                let area = &areas[place];
                let at = boxes[place];
                let class =
                    area.step.map_or_else(|| "m-zone".to_owned(), |step| format!("m-zone m-step-{step}"));
                if at.w < DOT && at.h < DOT {
                    let (cx, cy) = (at.x + at.w / 2.0, at.y + at.h / 2.0);
                    view! {
                        <circle class=class class:now=area.here cx=cx cy=cy r=DOT></circle>
                    }
                    .into_any()
                } else {
                    let d = path(&area.shape, &projection);
                    view! { <path class=class class:now=area.here d=d></path> }.into_any()
                }
            })
            .collect_view();
        let labels = labels
            .into_iter()
            .map(|Label { place, at, named }| {
                let area = areas[place].clone();
                let class = if area.here {
                    "m-lab now"
                } else if area.overdue {
                    "m-lab over"
                } else {
                    "m-lab"
                };
                view! {
                    <g class=class transform=format!("translate({:.1} {:.1})", at.x, at.y)>
                        <rect width=at.w height=at.h rx=LABEL_H / 2.0></rect>
                        <text class="m-n" x=COUNT_W / 2.0 y="19.5" text-anchor="middle">
                            {area.count}
                        </text>
                        {named
                            .then(|| {
                                view! {
                                    <text x=COUNT_W + 4.0 y="19.5">
                                        {area.name}
                                    </text>
                                }
                            })}
                    </g>
                }
            })
            .collect_view();
        let size = format!("0 0 {WIDTH} {:.0}", projection.height);
        Some(view! {
            <div class="map" data-test="map">
                <svg class="mapsvg" viewBox=size role="img" aria-label=label>
                    <Patterns />
                    {shapes}
                    {labels}
                </svg>
            </div>
        })
    }
}

/// Shades that differ by pattern: dots, lines, lines both ways.
#[component]
fn Patterns() -> impl IntoView {
    view! {
        <defs>
            <pattern id="m-dots" width="7" height="7" patternUnits="userSpaceOnUse">
                <rect class="m-pat-bg" width="7" height="7"></rect>
                <circle class="m-pat-dot" cx="3.5" cy="3.5" r="1.1"></circle>
            </pattern>
            <pattern id="m-lines" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="m-pat-bg" width="6" height="6"></rect>
                <path class="m-pat-ink" d="M0 3H6"></path>
            </pattern>
            <pattern id="m-cross" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="m-pat-bg" width="5" height="5"></rect>
                <path class="m-pat-all" d="M0 2.5H5M2.5 0V5"></path>
            </pattern>
        </defs>
    }
}

fn path(shape: &[(i32, i32)], projection: &Projection) -> String {
    use std::fmt::Write as _;
    let mut d = String::with_capacity(shape.len() * 14);
    for (place, point) in shape.iter().enumerate() {
        let (x, y) = projection.at(*point);
        // Writing to a string does not fail.
        let _ = write!(d, "{}{x:.1} {y:.1}", if place == 0 { 'M' } else { 'L' });
    }
    d.push('Z');
    d
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn area(name: &str, west: i32, south: i32) -> Drawn {
        let shape =
            vec![(west, south), (west + 2_000, south), (west + 2_000, south + 1_500), (west, south + 1_500)];
        Drawn {
            code: Code::from(name),
            name: name.to_owned(),
            count: "36".to_owned(),
            here: false,
            overdue: false,
            step: None,
            shape,
        }
    }

    fn laid(areas: &[Drawn]) -> (Vec<Label>, f64) {
        let projection = Projection::fit(areas.iter().flat_map(|area| &area.shape)).unwrap();
        let boxes: Vec<Box2> = areas.iter().map(|area| projection.bounds(&area.shape)).collect();
        (labels(areas, &boxes, projection.height), projection.height)
    }

    #[test]
    fn north_is_up_and_everything_lies_inside() {
        let areas = [area("south", 1_298_000, 52_626_000), area("north", 1_305_000, 52_636_000)];
        let projection = Projection::fit(areas.iter().flat_map(|area| &area.shape)).unwrap();
        let (low, high) = (projection.bounds(&areas[0].shape), projection.bounds(&areas[1].shape));
        assert!(high.y + high.h < low.y, "north is up");
        assert!(low.x < high.x, "east is right");
        assert!(low.within(projection.height) && high.within(projection.height));
        // At Norwich a degree of longitude is about 0.61 of a degree of latitude.
        assert!((low.w / low.h - 2_000.0 * 0.607 / 1_500.0).abs() < 0.01);
        assert!(Projection::fit(std::iter::empty()).is_none());
    }

    #[test]
    fn labels_of_crowded_areas_never_touch_and_here_keeps_its_name() {
        let mut areas: Vec<Drawn> = (0..14)
            .map(|n| area("Great Yarmouth Market Place", 1_298_000 + n * 700, 52_626_000 + (n % 4) * 900))
            .collect();
        areas[9].here = true;
        let (labels, height) = laid(&areas);
        for (place, one) in labels.iter().enumerate() {
            assert!(one.at.within(height), "{one:?}");
            for other in &labels[place + 1..] {
                assert!(!one.at.touches(&other.at), "{one:?} runs into {other:?}");
            }
        }
        let here = labels.iter().find(|label| label.place == 9).unwrap();
        assert!(here.named);
        assert!(labels.len() > 3, "some counts stay where names do not fit");
    }

    #[test]
    fn one_point_alone_is_drawn() {
        let mut alone = area("Holt", 1_094_500, 52_906_500);
        alone.shape.truncate(1);
        let (labels, height) = laid(&[alone]);
        assert_eq!(labels.len(), 1);
        assert!(labels[0].at.within(height));
    }
}
