package slack

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// add puts a block at the end; nil: there is nothing to show.
func (m *message) add(b slack.Block) {
	if b != nil {
		m.parts = append(m.parts, b)
	}
}

// mrkdwn is text of ours, with others' words made literal before. It is verbatim:
// Slack makes no link, channel or mention of anything that merely looks like one.
func mrkdwn(words string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, words, false, true)
}

// plainText shows words as they are, no emoji made of :names:.
func plainText(words string, most int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, clampPlain(words, most), false, false)
}

// clampPlain shortens text of ours that has others' words in it. It keeps what
// sets those apart, and a line's end.
func clampPlain(words string, most int) string {
	return clamp(words, most, func(r rune) string { return string(r) })
}

func heading(words string) slack.Block {
	return slack.NewHeaderBlock(plainText(words, mostHeader))
}

// section is a paragraph of mrkdwn; nil for none. What is too long loses whole
// lines: within one, a mark could be cut.
func section(words string) slack.Block {
	if words == "" {
		return nil
	}
	return slack.NewSectionBlock(mrkdwn(byLines(words, mostText)), nil, nil)
}

func byLines(words string, most int) string {
	if utf8.RuneCountInString(words) <= most {
		return words
	}
	return whole(strings.Split(words, "\n"), most-20)
}

func small(words string) slack.Block {
	return slack.NewContextBlock("", mrkdwn(byLines(words, mostText)))
}

// fieldsOf are facts side by side.
func fieldsOf(facts [][2]string) slack.Block {
	var fields []*slack.TextBlockObject
	for _, f := range facts[:min(len(facts), mostFields)] {
		fields = append(fields, mrkdwn(byLines("*"+f[0]+"*\n"+f[1], mostField)))
	}
	return slack.NewSectionBlock(nil, fields, nil)
}
