"""Lists of names → which entity each means, or honestly none; from and into files too."""
