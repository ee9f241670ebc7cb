//! The manual of `shift-share`.

pub(super) const MANUAL: &str = "\
**Question.** Who grew, and why: because everybody did, because of the sectors a region holds, or because its sectors did better
than the same sectors elsewhere?

**Definition.** With e_ir the value of sector i in region r in the first year, g_ir its growth rate to the last year, G_i the rate of the
sector and G the rate of all sectors in the reference: national share = e_ir G, industry mix = e_ir (G_i - G), regional shift = e_ir (g_ir - G_i).
The three add up to the change of every cell, and so of every region and sector. Weights are those of the first year. The
reference is the sum of its member regions, the region itself included (`reference = \"rest\"` leaves it out). Where a region has
nothing of a sector in the first year there is no rate: the change of the cell goes to the regional shift, and the cell is
flagged. Shares are in percent of the region's value in the first year, so they are comparable between regions.

**With `variant`.** What stands above is `classic`. All variants but Gerfin's and those of productivity return parts in the unit of the value
that add up to the change of every cell; the parts of a set of regions are the sums over its members. `reference = \"peers\"` takes the sum of the
set named in `peers` as the reference of any of them.
Whether the effects of Esteban-Marquillas and Arcelus may be added over regions is disputed (Stokes 1974), because h_ir of a sum is not the
sum of h_ir. Spatial variants say what neighbours did, not that they caused anything. Sources of the variants: Esteban-Marquillas 1972; Arcelus 1984,
Growth and Change 15(1):3-8; Gerfin 1964, Kyklos 17:565-593; Barff and Knight 1988, Growth and Change 19(2):1-10; Rigby and Anderson 1993, Canadian
Journal of Regional Science 16(1):69-88; Nazara and Hewings 2004, Growth and Change 35(4):476-490; Mayor and López 2008, Empirical Economics
34:123-142; Fabricant 1942, Employment in Manufacturing; de Avillez 2012, International Productivity Monitor 24:97-117.
- `esteban-marquillas` splits the regional shift. With h_ir = e_r E_i / E, the size that the sector would have with the structure of the
  reference: competitive effect = h_ir (g_ir - G_i), allocation effect = (e_ir - h_ir) (g_ir - G_i). The allocation effect is positive where a region is
  specialised in what it does better. A cell without a first value is all competitive.
- `arcelus` writes every effect on h_ir (expected) and on e_ir - h_ir (differential): national G, industry mix G_i - G, regional growth
  g_r - G, interaction g_ir - g_r - G_i + G; eight parts. `arcelus-short` has no industry mix and the interaction g_ir - g_r; six parts.
- `nazara-hewings` puts the neighbours between nation and region: with gW_ir the growth of the sum of the neighbours' values of the sector,
  national = e_ir G, neighbour = e_ir (gW_ir - G), local = the rest. `-industry` appended: G, G_i - G, gW_ir - G_i, g_ir - gW_ir. `-total` appended: G,
  gW_r - G (the neighbours as a whole, component `regional`), gW_ir - gW_r, g_ir - gW_ir. `mayor-lopez` and its two forms take the plain mean of
  the neighbours' growth rates for gW. Neighbours are the regions of the reference with a common border (`neighbours`), each with the
  same weight. A region without neighbours has no neighbour effect: it is refused by name, not left out.
- `dynamic` (also `dynamic-esteban-marquillas`, `dynamic-arcelus`, `dynamic-arcelus-short`) works out every step from one year with figures to the next, with weights
  and rates of that step, and adds the parts up.
- `rigby-anderson` decomposes the change of `employment`. With rates g^q of output (`value`), g^e of employment and g^p = g^e - g^q, capitals for the
  reference: for x = q and x = p, national = e G^x, industry mix = e (G_i^x - G^x), regional = e (g^x - G_i^x). The output parts are the jobs that output
  alone would have brought, the productivity parts those that productivity saved (negative). A cell that employed nobody in the first year
  is regional output; one that employed people without output is refused.
- `productivity` is of one region, without a reference: output per worker P = `value` / `employment`, shares of labour s_i: within = s_i (P_i' - P_i),
  between = (s_i' - s_i) P_i, interaction = (s_i' - s_i) (P_i' - P_i); they add up to P' - P. `productivity-relative` measures moving against the average:
  (s_i' - s_i) (P_i - P) and (s_i' - s_i) (P_i' - P_i - P' + P), with the same sums. A sector without labour in one of the years counts as a move between
  sectors. A set of regions is pooled first.
- `gerfin` gives factors, not parts: net shift = (e' / e) / (E' / E) = industry mix x regional factor, with industry mix = (sum of e_i E_i' / E_i) / e / (E' / E).
  `dynamic-gerfin` gives those of every step and their geometric means. A set of regions is pooled first.

**Prices.** At current prices a sector whose prices rise faster shows a positive industry mix. With `chain` the value of the last
year is the value of the first year times the product of the yearly real indices, that is, at prices of the first year.

**Limits.** An accounting identity, not a cause. It depends on the sector detail and on the two years chosen.

**References.** Dunn 1960, Papers and Proceedings of the Regional Science Association 6:97-112; Esteban-Marquillas 1972, Regional and
Urban Economics 2:249-255.
";
