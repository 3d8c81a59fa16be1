// Package desk is where everything that people say comes in, whichever channel
// it came through: who is this, may they, is it current; then one Update to the
// process.
//
// An answer is durable before it is acknowledged: (1) the Update, waited for up
// to 1.2 s; (2) else a row in the answer queue within 0.5 s, shown as "received,
// being delivered"; (3) else a refusal to take it, so that the channel keeps the
// person's text. The delivery loop sends queued rows in order of receipt until
// each is counted or refused. A receipt is written before the channel replies
// and is looked at first, so that the same answer gets the same outcome for
// ever, also after the process has closed.
//
// Free text is stored under the answer's id before the Update; what goes to a
// workflow carries person ids and digests only.
//
// It may import workflows and the pure packages, and knows Temporal's client.
// The stores it needs are declared here; archive satisfies them.
package desk
