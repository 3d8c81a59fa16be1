package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"
)

// message is a message before it is sent: blocks, and the text that phones and
// screen readers have instead of them.
type message struct {
	parts []slack.Block
	text  string
}

// blocks are the message's blocks for one revision of it: Slack wants new block
// ids whenever a message is updated, so each carries the revision.
func (m message) blocks(revision int) []slack.Block {
	all := make([]slack.Block, len(m.parts))
	for i, p := range m.parts {
		all[i] = marked(p, fmt.Sprintf("%d.%d", revision, i+1))
	}
	return all
}

// marked is a copy of a block with an id.
func marked(b slack.Block, id string) slack.Block {
	switch b := b.(type) {
	case *slack.HeaderBlock:
		c := *b
		c.BlockID = id
		return &c
	case *slack.SectionBlock:
		c := *b
		c.BlockID = id
		return &c
	case *slack.ContextBlock:
		c := *b
		c.BlockID = id
		return &c
	case *slack.ActionBlock:
		c := *b
		c.BlockID = id
		return &c
	case *slack.DividerBlock:
		c := *b
		c.BlockID = id
		return &c
	}
	return b
}

// digest is the same for messages that show the same, whatever their revision.
func (m message) digest() string {
	sum := sha256.Sum256(m.wire(0))
	return hex.EncodeToString(sum[:])
}

// faults names what Slack would refuse of it; nil: nothing.
func (m message) faults() []string { return said(lintMessage(m.wire(0))) }

// wire is the message as Slack has it.
func (m message) wire(revision int) []byte {
	return wire(map[string]any{"text": m.text, "blocks": m.blocks(revision)})
}

// wire is the JSON of a message or a view. All that goes in can be written so.
func wire(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil { // the linter refuses it
		return nil
	}
	return text
}

func said(faults []fault) []string {
	var list []string
	for _, f := range faults {
		list = append(list, f.String())
	}
	return list
}

// viewFaults names what Slack would refuse of a modal or a home page.
func viewFaults(view any) []string { return said(lintView(wire(view))) }
