/** Of recovery, which the runs of a review bound. */
export const defaultPercentile = 90;
/** After so many days a run is no evidence. */
export const defaultFreshDays = 14;
