//! Keyed draws: chance as a function of who, what for, and which one.

use super::key::{Key, Owner, mix};
use super::philox::{Lanes, RoundKeys, WORD, rounds};

/// The purpose of a draw. Every purpose has a number of its own, never used for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose(pub u8);

/// The purpose of [`Chance::replication_seed`].
const REPLICATION: Purpose = Purpose(255);
/// Seeds are below this, so that every number format holds them exactly.
pub const SEED_LIMIT: u64 = 1 << 53;
/// Bits of a counter's last word that hold the ordinal; the purpose has the others.
const ORDINAL_BITS: u32 = 24;

/// All the chance of one replication: a pure function, so asking again, earlier or not at all
/// changes nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    keys: RoundKeys,
}

/// The name of one draw: with the seed it decides its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// The thing that chance happens to.
    pub thing: Key,
    /// The place, if the thing meets the same chance in several.
    pub owner: Owner,
    /// Its purpose.
    pub purpose: Purpose,
    /// The ordinal among several.
    pub ordinal: u32,
}

/// Whoever answers draws.
pub trait DrawSource {
    /// The draw of a site.
    fn block(&self, site: Site) -> Block;

    /// The draw, where one is `needed`; else zeros that nobody looks at.
    #[inline]
    fn block_if(&self, needed: bool, site: Site) -> Block {
        if needed { self.block(site) } else { Block::UNUSED }
    }

    /// Answers to draws before anything needs them, where it makes no difference when they are asked for.
    fn ahead(&self) -> Option<&Chance>;
}

impl DrawSource for Chance {
    #[inline(always)]
    fn block(&self, site: Site) -> Block {
        Chance::block(self, site)
    }

    #[inline]
    fn ahead(&self) -> Option<&Chance> {
        Some(self)
    }
}

impl Site {
    /// A hash of it, for those who remember which draws were made.
    #[must_use]
    pub fn fingerprint(self) -> u64 {
        let place = u64::from(self.purpose.0) << 32 | u64::from(self.ordinal);
        mix(mix(self.thing.0.wrapping_add(u64::from(self.owner.0))).wrapping_add(place))
    }

    /// The counter of the block that is this draw.
    #[inline(always)]
    fn counter(self) -> Lanes {
        counter(self.thing, self.owner, self.purpose, self.ordinal)
    }
}

/// The 128 bits of one draw, as two independent uniform words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    first: u64,
    second: u64,
}

impl Block {
    #[inline(always)]
    fn of([a, b, c, d]: Lanes) -> Block {
        Block { first: a << 32 | b & WORD, second: c << 32 | d & WORD }
    }

    /// For those who need none: zeros that nobody looks at.
    pub const UNUSED: Block = Block { first: 0, second: 0 };

    /// The first word.
    #[must_use]
    #[inline]
    pub fn first(self) -> u64 {
        self.first
    }

    /// The same with another first word.
    #[must_use]
    pub fn with_first(self, first: u64) -> Block {
        Block { first, ..self }
    }

    /// The second word.
    #[must_use]
    #[inline]
    pub fn second(self) -> u64 {
        self.second
    }
}

/// The counter of the block that is this draw.
#[inline(always)]
fn counter(thing: Key, owner: Owner, purpose: Purpose, ordinal: u32) -> Lanes {
    let place =
        u64::from(purpose.0) << ORDINAL_BITS | u64::from(ordinal) & ((1 << ORDINAL_BITS) - 1);
    // What is beyond these bits spills into the owner's word.
    let spill = u64::from(ordinal >> ORDINAL_BITS) * 0x9E37_79B9;
    [thing.0, thing.0 >> 32, u64::from(owner.0) ^ spill, place]
}

impl Chance {
    /// The chance of a run with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Chance {
        Chance { keys: RoundKeys::new([seed as u32, (seed >> 32) as u32]) }
    }

    /// The seed of replication `number` of a run with `seed`: the seed itself for 0, else the
    /// upper 53 bits of the Philox4x32-10 block with counter (number, 0xFFFF_FFFF, 0xFF00_0000)
    /// and key `seed`.
    #[must_use]
    pub fn replication_seed(seed: u64, number: u64) -> u64 {
        if number == 0 {
            return seed;
        }
        let chance = Chance::new(seed);
        chance.block_of(Key(number), Owner(u32::MAX), REPLICATION, 0).first() >> 11
    }

    /// The draw of a site.
    #[must_use]
    #[inline(always)]
    pub fn block(&self, Site { thing, owner, purpose, ordinal }: Site) -> Block {
        self.block_of(thing, owner, purpose, ordinal)
    }

    // One copy of the rounds: a run draws everywhere, and its code has to fit the first-level
    // instruction cache. Its arguments one by one: together they would go by way of memory.
    #[inline(never)]
    fn block_of(&self, thing: Key, owner: Owner, purpose: Purpose, ordinal: u32) -> Block {
        Block::of(rounds(counter(thing, owner, purpose, ordinal), &self.keys))
    }

    /// The draws of many things, into as many places; `site` gives a thing's draw, and `of` what of
    /// its block is wanted.
    // Side by side a draw takes half as long: the compiler makes vectors of lanes, as long as `of` only
    // chooses and all sites have one purpose.
    #[inline(never)]
    pub fn draw_all<T, W>(
        &self,
        things: &[T],
        site: impl Fn(&T) -> Site,
        drawn: &mut [W],
        of: impl Fn(Block) -> W,
    ) {
        let keys = self.keys;
        for (drawn, thing) in drawn.iter_mut().zip(things) {
            *drawn = of(Block::of(rounds(site(thing).counter(), &keys)));
        }
    }

    /// A word that differs from seed to seed, for ids.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.block_of(Key(0), Owner(u32::MAX), REPLICATION, 1).first()
    }

    /// The draws of ordinals 0, 1, 2 … as one of rand's generators, for its distributions.
    #[must_use]
    pub fn stream(&self, thing: Key, owner: Owner, purpose: Purpose) -> Stream {
        Stream { chance: *self, thing, owner, purpose, ordinal: 0, second: None }
    }
}

/// The draws of one (thing, owner, purpose) in the order of their ordinals.
#[derive(Debug, Clone)]
pub struct Stream {
    chance: Chance,
    thing: Key,
    owner: Owner,
    purpose: Purpose,
    ordinal: u32,
    second: Option<u64>,
}

impl rand::TryRng for Stream {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        if let Some(word) = self.second.take() {
            return Ok(word);
        }
        let block = self.chance.block_of(self.thing, self.owner, self.purpose, self.ordinal);
        self.ordinal = self.ordinal.wrapping_add(1);
        self.second = Some(block.second());
        Ok(block.first())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn a_stream_is_the_blocks_in_order() {
        let chance = Chance::new(7);
        let (thing, owner, purpose) = (Key::named("a"), Key::named("b").owner(), Purpose(3));
        let mut stream = chance.stream(thing, owner, purpose);
        for ordinal in 0..4 {
            let block = chance.block_of(thing, owner, purpose, ordinal);
            assert_eq!(stream.next_u64(), block.first());
            assert_eq!(stream.next_u64(), block.second());
        }
    }

    #[test]
    fn many_draws_at_once_are_the_same_draws() {
        let (chance, purpose) = (Chance::new(7), Purpose(3));
        for count in 0..40_u32 {
            let draws: Vec<(Key, Owner, u32)> = (0..count)
                .map(|index| {
                    let thing = Key(9).child(u64::from(index));
                    (thing, Owner(index % 3), index.wrapping_mul(0x0712_3457))
                })
                .collect();
            let mut blocks = vec![Block::UNUSED; count as usize];
            let site = |&(thing, owner, ordinal): &_| Site { thing, owner, purpose, ordinal };
            chance.draw_all(&draws, site, &mut blocks, |block| block);
            let mut words = vec![0; count as usize];
            chance.draw_all(&draws, site, &mut words, Block::second);
            for ((block, word), (thing, owner, ordinal)) in blocks.into_iter().zip(words).zip(draws)
            {
                assert_eq!(block, chance.block_of(thing, owner, purpose, ordinal));
                assert_eq!(word, block.second());
            }
        }
    }

    #[test]
    fn replication_seeds_are_below_the_limit_and_differ() {
        let mut seeds: Vec<u64> =
            (0..10_000).map(|number| Chance::replication_seed(7, number)).collect();
        assert_eq!(seeds[0], 7);
        assert!(seeds.iter().all(|&seed| seed < SEED_LIMIT));
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 10_000);
    }

    #[test]
    fn every_part_of_the_key_counts() {
        let (thing, owner, purpose) = (Key(1), Owner(2), Purpose(3));
        let base = Chance::new(4).block_of(thing, owner, purpose, 5);
        let others = [
            Chance::new(5).block_of(thing, owner, purpose, 5),
            Chance::new(4).block_of(Key(9), owner, purpose, 5),
            Chance::new(4).block_of(thing, Owner(9), purpose, 5),
            Chance::new(4).block_of(thing, owner, Purpose(9), 5),
            Chance::new(4).block_of(thing, owner, purpose, 9),
            Chance::new(4).block_of(thing, owner, purpose, 5 + (1 << ORDINAL_BITS)),
        ];
        for other in others {
            assert_ne!(base, other);
        }
    }
}
