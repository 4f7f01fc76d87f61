//! The memory that may be taken.

/// Memory that is taken, of a limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    taken: u64,
    most: u64,
}

impl Memory {
    pub(crate) fn new(most: u64) -> Memory {
        Memory { taken: 0, most }
    }

    /// Takes so many bytes more, unless they are too many: then it says how many they are.
    pub(crate) fn hold(&mut self, bytes: u64) -> Result<(), String> {
        self.taken = self.taken.saturating_add(bytes);
        if self.taken <= self.most {
            return Ok(());
        }
        let (taken, most) = (printed(self.taken), printed(self.most));
        Err(format!("about {taken} would be needed, and at most {most} may be"))
    }

    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }
}

/// An amount of memory as people say it.
pub(crate) fn printed(bytes: u64) -> String {
    const UNITS: [(&str, u32); 4] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = UNITS.into_iter().find(|(_, bits)| bytes >> bits > 0);
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(unit, bits)| {
            let amount = bytes as f64 / (1_u64 << bits) as f64;
            if amount < 10.0 && amount.fract() != 0.0 {
                format!("{amount:.1} {unit}")
            } else {
                format!("{amount:.0} {unit}")
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_is_told_with_its_figure() {
        let mut memory = Memory::new(2 << 30);
        assert_eq!(memory.hold(1 << 30), Ok(()));
        let told = memory.hold(3 << 29).unwrap_err();
        assert_eq!(told, "about 2.5 GiB would be needed, and at most 2 GiB may be");
        assert_eq!(
            Memory::new(0).hold(u64::MAX).unwrap_err(),
            "about 16777216 TiB would be needed, and at most 0 bytes may be"
        );
    }
}
