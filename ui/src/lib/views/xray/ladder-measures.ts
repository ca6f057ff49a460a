// How large the parts of a ladder are, in pixels: its rows are laid out without being measured.

/** One request: a line of facts and up to two lines of words. */
export const ROW_HEIGHT = 70;
/** One column of servers. */
export const LANE_WIDTH = 30;
