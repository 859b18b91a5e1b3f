import type { AppTable } from './app.js';
import { BASIC_APPS } from './basic.js';
import { bridge } from './bridge.js';
import { COLLECT_APPS } from './collect.js';
import { conference } from './conference.js';
import { EAVESDROP_APPS } from './eavesdrop.js';
import { intercept } from './intercept.js';
import { PLAYBACK_APPS } from './playback.js';
import { RECORD_APPS } from './record.js';

/** All applications that a channel can execute, but those that a site adds. */
export const APPS: AppTable = {
  ...BASIC_APPS,
  ...PLAYBACK_APPS,
  ...COLLECT_APPS,
  ...RECORD_APPS,
  ...EAVESDROP_APPS,
  bridge,
  conference,
  intercept,
};
