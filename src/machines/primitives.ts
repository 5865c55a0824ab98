/** The small schemas that messages and configuration are made of. */
import { z } from 'zod';
import type { Json } from './json.ts';

/** Ids are bounded and patterned, so that they are safe in paths, in SQL and on a terminal. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export const idWords = 'an id: a letter or digit, then up to 127 of A-Z a-z 0-9 . _ : -';

export const id = z.string().max(128).regex(idPattern, idWords);
/** Message types of users: as ids, and never XState's own. */
export const userType = id.refine((type) => !/^xstate\./i.test(type), 'a type that does not begin with "xstate."');
export const text = z.string().min(1).max(10_000);
export const shortText = z.string().min(1).max(500);
/** Any JSON value; that it is JSON, and how big and deep it may be, is checked by `admitJson` before. */
export const json = z.custom<Json>((value) => value !== undefined, 'a JSON value');
export const milliseconds = z.int().min(0).max(8.64e15);
export const duration = z.int().min(1).max(8.64e14);
export const sequence = z.int().min(0);
export const tags = z.array(id).max(64);
export const share = z.number().min(0).max(1);
