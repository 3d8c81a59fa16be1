// Package payload packs what gangway gives the engine to keep: the inputs and
// results of processes, activities and Updates. They are JSON that says the same
// words again and again, and the engine writes each of them into a history and
// reads all of them for a replay; packed they take a fifth of the room.
//
// Whoever connects to the engine for gangway connects with Converter. What was
// not packed is read as it is, so that an operator's tool may send plain JSON.
// Filed histories are unpacked: a dossier is readable without this package.
//
// The engine's own pages show packed payloads as bytes (decision 11).
package payload
