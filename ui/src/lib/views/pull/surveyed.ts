// What a survey found, as far as the screen counts with it.
import type { PlatformOffer, Survey, SurveyedImage } from "../../api/generated/types";

/** What tells an image from all others of a survey. */
export function surveyKey(image: SurveyedImage): string {
  return `${image.manifest} ${image.platform}`;
}

/** What some of the images come to. */
export interface Missing {
  bytes: number;
  /** Images share layers: of a part of them it is known only how much it is at most. */
  isExact: boolean;
}

/** Bytes that would arrive without those that are left out. */
export function missingBytes(survey: Survey, left: ReadonlySet<string>): Missing {
  if (left.size === 0) return { bytes: survey.downloadBytes, isExact: true };
  const bytes = survey.images.filter((image) => !left.has(surveyKey(image))).reduce((sum, image) => sum + image.totalBytes - image.hereBytes, 0);
  return { bytes: Math.min(bytes, survey.downloadBytes), isExact: false };
}

/** The platforms as a selection names them: none for this machine's alone. */
export function platformsOf(picked: ReadonlySet<string>, offers: readonly PlatformOffer[], asked: string | null): string[] {
  const isOwn = (platform: string): boolean => offers.some((offer) => offer.platform === platform && offer.runsHere);
  const [only] = picked;
  if (asked === null && picked.size <= 1 && (only === undefined || isOwn(only))) return [];
  return [...picked];
}
