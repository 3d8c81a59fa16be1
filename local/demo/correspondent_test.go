package demo

import (
	"fmt"
	"strings"
	"testing"

	"gangway/internal/mail/mailtest"
)

// asking is a mail that wants something, and how it says to answer.
func asking(subject, how string) []byte {
	text := "Your answer is wanted\n\n* " + subject + "\n\n  " + how + "\n"
	return []byte("From: <gangway@gangway.example>\r\nTo: <daniel@northgate.example>\r\nReply-To: <gangway+t@gangway.example>\r\nSubject: [GW c/1] Rehearsal: " + subject +
		"\r\nMessage-ID: <" + strings.ReplaceAll(subject, " ", "-") + "@gangway.example>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n"))
}

// TestByReplyUsesTheMailsWords: only where the mail says that one line is enough.
func TestByReplyUsesTheMailsWords(t *testing.T) {
	t.Parallel()
	const inbox = "gangway@gangway.example"
	server := mailtest.Open(t, mailtest.Options{Inbox: inbox})
	var told []string
	daniel := &Correspondent{Mailbox: server.Person("Daniel Brooks", "daniel@northgate.example"), Way: ByReply{},
		Tell: func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) }}
	how := "To answer by mail, reply with one of these as\n  the first line:\n"
	for subject, words := range map[string]string{
		"Can be":         how + "    approved\n    rejected (and on the next lines why)\n",
		"Wants more":     how + "    approved (and on the next lines why)\n",
		"On the page":    "Answer on the page.\n",
		"Something else": how + "    done\n",
	} {
		if _, err := server.Deliver(inbox, []string{"daniel@northgate.example"}, asking(subject, words)); err != nil {
			t.Fatalf("delivering: %v", err)
		}
	}
	for range 10 { // a mail a look
		if _, err := daniel.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"Daniel Brooks replies “Approved.” to the mail “Can be”"}; fmt.Sprint(told) != fmt.Sprint(want) {
		t.Errorf("he %q, want %q", told, want)
	}
	sent := server.In("INBOX")
	if len(sent) != 1 || !strings.HasPrefix(sent[0].Text, "Approved.") || sent[0].To[0] != "gangway+t@gangway.example" {
		t.Errorf("there is %+v", sent)
	}
}
