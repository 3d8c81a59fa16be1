// Package calendar is working time and case time: which instants count as work in a zone with its hours and holidays,
// when a deadline given in working days or hours falls, and which instant a case believes it is.
//
// Everything is arithmetic over a Snapshot: tables of UTC offsets and of holidays that were read once, outside, and that
// a process carries in its input. The package reads no clock and no zone database, so the same input gives the same
// answer years later, on a host with other zone data. Only Table looks at a time.Location, which its caller passes in;
// it is for whoever builds a snapshot, never for a process.
//
// An instant is working when the wall clock of the schedule's zone shows a time inside the hours of that weekday, on a
// date that is no holiday. Lengths are elapsed time: where clocks are set back, both passes through the repeated hour
// count; where they are set forward, the skipped hour does not exist and does not count.
//
// Beyond Snapshot.Until the last listed offset holds for ever and no holiday is known but those listed.
//
// Promises: instants come back in UTC (compare with time.Time.Equal), except from Local. Every function ends: none looks
// further than 100 years past the instant it was given, and each says what it returns when there is nothing to find.
// A snapshot that fails Check, or a schedule that fails Has, may give wrong answers, but never a panic or an endless loop.
//
// It imports the standard library only, none of this module's packages, and neither net nor os.
package calendar
