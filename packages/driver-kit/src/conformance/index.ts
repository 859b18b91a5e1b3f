export type { PartyHabit, World, WorldAbility, WorldParty } from './world.js';
