// Package verb is the one table of the words by which people ask for things,
// in whichever channel: `/vendor waiting` in Slack and `gangway waiting` at a
// prompt are one row. A channel takes its help and its checks from here, so that
// all of them tell the same.
//
// There is no word that decides. Answers are given where the request is read, or
// on the command line by a command of its own that goes through the same door;
// what is typed into a chat only opens a form or shows something.
package verb
