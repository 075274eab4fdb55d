//! Where bytes belong within a flow: which layer, which direction, and how many came before.

use model::{Direction, Layer};

/// Where some bytes belong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    pub(crate) direction: Direction,
    pub(crate) layer: Layer,
    pub(crate) offset: u64,
}

/// How many bytes there were so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Positions {
    wire: Both,
    inner: Both,
    nested: Both,
}

#[derive(Clone, Copy, Debug, Default)]
struct Both {
    from_victim: u64,
    to_victim: u64,
}

impl Positions {
    /// The place of the next bytes; those after them come behind.
    pub(crate) fn next(&mut self, layer: Layer, direction: Direction, length: u64) -> Position {
        let offset = self.of(layer, direction);
        let both = match layer {
            Layer::Wire => &mut self.wire,
            Layer::Inner => &mut self.inner,
            Layer::Nested => &mut self.nested,
        };
        *match direction {
            Direction::FromVictim => &mut both.from_victim,
            Direction::ToVictim => &mut both.to_victim,
        } += length;
        Position { direction, layer, offset }
    }

    /// How many bytes there were on one layer in one direction.
    pub(crate) fn of(&self, layer: Layer, direction: Direction) -> u64 {
        let both = match layer {
            Layer::Wire => self.wire,
            Layer::Inner => self.inner,
            Layer::Nested => self.nested,
        };
        match direction {
            Direction::FromVictim => both.from_victim,
            Direction::ToVictim => both.to_victim,
        }
    }

    /// How many bytes there were on the wire, both ways.
    pub(crate) fn of_wire(&self) -> u64 {
        self.wire.from_victim + self.wire.to_victim
    }
}
