//! Hiding small counts in what is published: cells from 1 to 4, and as many others as are needed so that no hidden cell
//! can be worked out by subtraction from the totals.
//!
//! A hidden cell can be worked out exactly when, in the graph whose points are rows and columns and whose edges are
//! hidden cells, it lies on no closed path. So each such cell is put on the cheapest rectangle of hidden cells. Totals are
//! cells like any other. This guards against subtraction within one table; it does not guard against comparing two tables
//! that overlap, which is for whoever decides what to publish.

use serde::{Deserialize, Serialize};

/// Counts from 1 to one below this are hidden.
pub const THRESHOLD: u32 = 5;

/// A published count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// May be shown.
    Shown(u32),
    /// Shown as `*`.
    Hidden,
}

/// A table with its totals, safe to publish.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Suppressed {
    /// The cells, row by row.
    pub cells: Vec<Vec<Cell>>,
    /// A total for each row.
    pub row_totals: Vec<Cell>,
    /// A total for each column.
    pub column_totals: Vec<Cell>,
    /// The grand total.
    pub total: Cell,
}

/// A list of counts with its total, safe to publish. Returned in the order given, the total apart.
#[must_use]
pub fn suppress_list(counts: &[u32], threshold: u32) -> (Vec<Cell>, Cell) {
    let total = counts.iter().fold(0u32, |sum, n| sum.saturating_add(*n));
    let mut hidden: Vec<bool> = counts.iter().map(|n| is_small(*n, threshold)).collect();
    let mut hide_total = is_small(total, threshold);
    loop {
        let sum: u32 = counts.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(n, _)| *n).sum();
        let cells = hidden.iter().filter(|hidden| **hidden).count();
        // One hidden value among cells and total is total less the rest; several that sum to little are as good as known.
        let derivable = (cells == 1 && !hide_total) || (cells == 0 && hide_total);
        let thin = cells > 1 && !hide_total && sum < threshold;
        if !derivable && !thin {
            break;
        }
        let cheapest = (0..counts.len())
            .filter(|i| hidden.get(*i) == Some(&false))
            .min_by_key(|i| (counts.get(*i) == Some(&0), counts.get(*i).copied()));
        match cheapest.and_then(|i| hidden.get_mut(i)) {
            Some(cell) => *cell = true,
            None if hide_total => break,
            None => hide_total = true,
        }
    }
    let show = |n: u32, hidden: bool| if hidden { Cell::Hidden } else { Cell::Shown(n) };
    (counts.iter().zip(hidden).map(|(n, hidden)| show(*n, hidden)).collect(), show(total, hide_total))
}

/// A table of counts with its totals, safe to publish. Rows shorter than the longest are filled with 0.
#[must_use]
pub fn suppress(rows: &[Vec<u32>], threshold: u32) -> Suppressed {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    // One row or one column: its totals repeat the cells, so the rule of a list applies, and both say the same.
    if rows.len() <= 1 || width <= 1 {
        return single_line(rows, width, threshold);
    }
    let mut grid = Grid::with_totals(rows, width, threshold);
    while let Some((row, column)) = grid.a_derivable_cell() {
        grid.hide_cheapest_rectangle(row, column);
    }
    grid.into_suppressed()
}

fn is_small(n: u32, threshold: u32) -> bool {
    n > 0 && n < threshold
}

fn single_line(rows: &[Vec<u32>], width: usize, threshold: u32) -> Suppressed {
    let flat: Vec<u32> =
        rows.iter().flat_map(|row| if row.is_empty() { vec![0; width] } else { row.clone() }).collect();
    let (cells, total) = suppress_list(&flat, threshold);
    if rows.len() <= 1 {
        let row_totals = if rows.is_empty() { vec![] } else { vec![total] };
        let body = if rows.is_empty() { vec![] } else { vec![cells.clone()] };
        Suppressed { cells: body, row_totals, column_totals: cells, total }
    } else {
        let column_totals = if width == 0 { vec![] } else { vec![total] };
        let body = if width == 0 {
            vec![vec![]; rows.len()]
        } else {
            cells.iter().map(|cell| vec![*cell]).collect()
        };
        let row_totals = if width == 0 { vec![Cell::Shown(0); rows.len()] } else { cells };
        Suppressed { cells: body, row_totals, column_totals, total }
    }
}

/// The table with its totals as a last row and a last column.
struct Grid {
    height: usize,
    width: usize,
    counts: Vec<u32>,
    hidden: Vec<bool>,
}

impl Grid {
    fn with_totals(rows: &[Vec<u32>], width: usize, threshold: u32) -> Self {
        let mut body: Vec<Vec<u32>> = rows
            .iter()
            .map(|row| (0..width).map(|column| row.get(column).copied().unwrap_or(0)).collect())
            .collect();
        let sum = |values: &mut dyn Iterator<Item = u32>| values.fold(0u32, u32::saturating_add);
        let totals = (0..width)
            .map(|column| sum(&mut body.iter().filter_map(|row| row.get(column).copied())))
            .collect();
        body.push(totals);
        for row in &mut body {
            let total = sum(&mut row.iter().copied());
            row.push(total);
        }
        let counts: Vec<u32> = body.concat();
        let hidden = counts.iter().map(|n| is_small(*n, threshold)).collect();
        Self { height: rows.len() + 1, width: width + 1, counts, hidden }
    }

    fn is_hidden(&self, row: usize, column: usize) -> bool {
        self.hidden.get(row * self.width + column).copied().unwrap_or(false)
    }

    /// A hidden cell whose row and column are not joined by any other path of hidden cells.
    fn a_derivable_cell(&self) -> Option<(usize, usize)> {
        (0..self.height)
            .flat_map(|row| (0..self.width).map(move |column| (row, column)))
            .find(|(row, column)| self.is_hidden(*row, *column) && !self.joined_without(*row, *column))
    }

    /// Can one get from the row to the column over hidden cells other than this one?
    fn joined_without(&self, row: usize, column: usize) -> bool {
        let mut seen = vec![false; self.height + self.width];
        let mut waiting = vec![row];
        while let Some(point) = waiting.pop() {
            if std::mem::replace(seen.get_mut(point).unwrap_or(&mut true), true) {
                continue;
            }
            if point < self.height {
                let next =
                    (0..self.width).filter(|c| self.is_hidden(point, *c) && (point, *c) != (row, column));
                waiting.extend(next.map(|c| self.height + c));
            } else {
                let c = point - self.height;
                waiting
                    .extend((0..self.height).filter(|r| self.is_hidden(*r, c) && (*r, c) != (row, column)));
            }
        }
        seen.get(self.height + column).copied().unwrap_or(false)
    }

    /// What is lost by hiding a cell: nothing if hidden; a zero costs most, because it is sure to be no one's secret and
    /// hides least; a total costs more than what it sums.
    fn cost(&self, row: usize, column: usize) -> u64 {
        let count = self.counts.get(row * self.width + column).copied().unwrap_or(0);
        let total = row + 1 == self.height || column + 1 == self.width;
        match (self.is_hidden(row, column), count, total) {
            (true, _, _) => 0,
            (false, 0, false) => u64::from(u32::MAX),
            (false, n, false) => 1 + u64::from(n),
            (false, n, true) => 2 * u64::from(u32::MAX) + u64::from(n),
        }
    }

    fn hide_cheapest_rectangle(&mut self, row: usize, column: usize) {
        let others = (0..self.height)
            .filter(|r| *r != row)
            .flat_map(|r| (0..self.width).filter(|c| *c != column).map(move |c| (r, c)));
        let cost = |(r, c): (usize, usize)| self.cost(row, c) + self.cost(r, c) + self.cost(r, column);
        if let Some((r, c)) = others.min_by_key(|corner| cost(*corner)) {
            for (r, c) in [(row, c), (r, c), (r, column)] {
                if let Some(cell) = self.hidden.get_mut(r * self.width + c) {
                    *cell = true;
                }
            }
        }
    }

    fn into_suppressed(self) -> Suppressed {
        let mut rows: Vec<Vec<Cell>> = (0..self.height)
            .map(|row| (0..self.width).map(|column| self.cell(row, column)).collect())
            .collect();
        let mut column_totals = rows.pop().unwrap_or_default();
        let total = column_totals.pop().unwrap_or(Cell::Hidden);
        let row_totals = rows.iter_mut().filter_map(Vec::pop).collect();
        Suppressed { cells: rows, row_totals, column_totals, total }
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        match self.counts.get(row * self.width + column) {
            Some(n) if !self.is_hidden(row, column) => Cell::Shown(*n),
            _ => Cell::Hidden,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(counts: &[u32]) -> Vec<Cell> {
        counts.iter().map(|n| Cell::Shown(*n)).collect()
    }

    #[test]
    fn a_lone_small_count_takes_the_next_smallest_with_it() {
        use Cell::{Hidden, Shown};
        assert_eq!(
            suppress_list(&[17, 3, 9, 8], THRESHOLD),
            (vec![Shown(17), Hidden, Shown(9), Hidden], Shown(37))
        );
        assert_eq!(suppress_list(&[17, 9, 0], THRESHOLD), (shown(&[17, 9, 0]), Shown(26)));
        assert_eq!(suppress_list(&[3], THRESHOLD), (vec![Hidden], Hidden));
        assert_eq!(suppress_list(&[], THRESHOLD), (vec![], Shown(0)));
        // 1 and 1 hidden with the total shown would sum to 2: as good as known.
        assert_eq!(suppress_list(&[1, 1, 30, 40], THRESHOLD).0, vec![Hidden, Hidden, Hidden, Shown(40)]);
    }

    #[test]
    fn a_table_without_small_counts_is_shown_whole() {
        let table = suppress(&[vec![10, 20], vec![0, 40]], THRESHOLD);
        assert_eq!(table.cells, vec![shown(&[10, 20]), shown(&[0, 40])]);
        assert_eq!((table.row_totals, table.column_totals), (shown(&[30, 40]), shown(&[10, 60])));
        assert_eq!(table.total, Cell::Shown(70));
    }

    #[test]
    fn one_small_cell_hides_a_rectangle_of_the_cheapest() {
        let table = suppress(&[vec![2, 50, 60], vec![7, 8, 90], vec![70, 80, 99]], THRESHOLD);
        let hidden: Vec<(usize, usize)> = table
            .cells
            .iter()
            .enumerate()
            .flat_map(|(r, row)| row.iter().enumerate().map(move |(c, cell)| (r, c, *cell)))
            .filter(|(_, _, cell)| *cell == Cell::Hidden)
            .map(|(r, c, _)| (r, c))
            .collect();
        assert_eq!(hidden, [(0, 0), (0, 1), (1, 0), (1, 1)]);
        assert_eq!(table.total, Cell::Shown(466));
    }

    #[test]
    fn strange_shapes() {
        assert_eq!(suppress(&[], THRESHOLD).total, Cell::Shown(0));
        assert_eq!(suppress(&[vec![], vec![]], THRESHOLD).cells.len(), 2);
        assert_eq!(suppress(&[vec![3]], THRESHOLD).total, Cell::Hidden);
        let ragged = suppress(&[vec![10], vec![10, 20]], THRESHOLD);
        assert_eq!(ragged.cells.first(), Some(&shown(&[10, 0])));
        let column = suppress(&[vec![3], vec![30], vec![40]], THRESHOLD);
        assert_eq!(column.row_totals, vec![Cell::Hidden, Cell::Hidden, Cell::Shown(40)]);
    }

    /// What a reader can do: wherever a line with its total has one unknown, fill it in, and go on. Also adds lines up
    /// in blocks, which is how cells on no closed path fall.
    fn attack(table: &Suppressed) -> Vec<(usize, usize)> {
        let mut grid: Vec<Vec<Option<u32>>> = table
            .cells
            .iter()
            .zip(&table.row_totals)
            .map(|(row, total)| row.iter().chain([total]).map(known).collect())
            .collect();
        grid.push(table.column_totals.iter().chain([&table.total]).map(known).collect());
        let (height, width) = (grid.len(), grid.first().map_or(0, Vec::len));
        // Gaussian elimination over the hidden cells: rows and columns each give one equation.
        let unknowns: Vec<(usize, usize)> = (0..height)
            .flat_map(|r| (0..width).map(move |c| (r, c)))
            .filter(|(r, c)| grid[*r][*c].is_none())
            .collect();
        let sign = |i: usize, last: usize| if i == last { -1.0 } else { 1.0 };
        let mut equations: Vec<Vec<f64>> = Vec::new();
        for r in 0..height {
            equations.push(
                unknowns.iter().map(|(ur, uc)| if *ur == r { sign(*uc, width - 1) } else { 0.0 }).collect(),
            );
        }
        for c in 0..width {
            equations.push(
                unknowns.iter().map(|(ur, uc)| if *uc == c { sign(*ur, height - 1) } else { 0.0 }).collect(),
            );
        }
        let mut row = 0;
        for column in 0..unknowns.len() {
            let Some(pivot) = (row..equations.len()).find(|r| equations[*r][column].abs() > 1e-9) else {
                continue;
            };
            equations.swap(row, pivot);
            let divisor = equations[row][column];
            equations[row].iter_mut().for_each(|v| *v /= divisor);
            for other in 0..equations.len() {
                let factor = equations[other][column];
                if other != row && factor.abs() > 1e-9 {
                    let source = equations[row].clone();
                    equations[other].iter_mut().zip(source).for_each(|(v, s)| *v -= factor * s);
                }
            }
            row += 1;
        }
        let solved = |e: &Vec<f64>| {
            let mut at = e.iter().enumerate().filter(|(_, v)| v.abs() > 1e-9).map(|(i, _)| i);
            at.next().filter(|_| at.next().is_none())
        };
        equations.iter().filter_map(solved).map(|i| unknowns[i]).collect()
    }

    fn known(cell: &Cell) -> Option<u32> {
        match cell {
            Cell::Shown(n) => Some(*n),
            Cell::Hidden => None,
        }
    }

    proptest! {
        #[test]
        fn no_hidden_cell_can_be_worked_out(rows in (2usize..6).prop_flat_map(|width| {
            prop::collection::vec(prop::collection::vec(prop_oneof![0u32..8, 0u32..60], width..=width), 2..6)
        })) {
            let table = suppress(&rows, THRESHOLD);
            prop_assert_eq!(attack(&table), vec![]);
            for (row, cells) in rows.iter().zip(&table.cells) {
                for (n, cell) in row.iter().zip(cells) {
                    prop_assert!(*cell == Cell::Hidden || *cell == Cell::Shown(*n));
                    prop_assert!(!is_small(*n, THRESHOLD) || *cell == Cell::Hidden);
                }
            }
        }

        #[test]
        fn no_hidden_count_of_a_list_can_be_worked_out(counts in prop::collection::vec(0u32..30, 0..12)) {
            let (cells, total) = suppress_list(&counts, THRESHOLD);
            let hidden = cells.iter().chain([&total]).filter(|cell| **cell == Cell::Hidden).count();
            prop_assert!(hidden != 1, "{cells:?} {total:?}");
            prop_assert!(counts.iter().zip(&cells).all(|(n, cell)| !is_small(*n, THRESHOLD) || *cell == Cell::Hidden));
        }
    }
}
