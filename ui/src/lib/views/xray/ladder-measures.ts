// How large the parts of a ladder are, in pixels: its rows are laid out without being measured.

/** One request where there is room for its words on one line. */
export const ROW_WIDE = 50;
/** One request where its words may need two lines. */
export const ROW_NARROW = 67;
/** From this width on there is room. */
export const WIDE_FROM = 700;
/** One column of servers. */
export const LANE_WIDTH = 30;
