package stories

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"gangway/local/demo"
)

// TestTheMailboxGoesBothWays: the vendor's mail is on the page that local prints, is
// there after a restart, and what somebody replies on the page counts.
func TestTheMailboxGoesBothWays(t *testing.T) {
	t.Parallel()
	const collection = "dpa/brightwell-payroll/1"
	l := newLocal(t)
	l.gangway("tom", "dpa", "open", "vendor.yaml").ends(0, collection)
	number := l.mailTo("nadia@brightwell.example", "Data processing agreement")
	l.stop()
	l.start()
	if again := l.mailTo("nadia@brightwell.example", "Data processing agreement"); again != number {
		t.Errorf("after a restart the mail is %s, and was %s", again, number)
	}
	agreement, err := demo.Word(string(example(t, "dpa.md")))
	if err != nil {
		t.Fatalf("writing the agreement: %v", err)
	}
	l.reply(number, "nadia@brightwell.example", "Here it is.", "dpa.docx", agreement)
	l.asked("ruth", collection, "dpa-check")
	l.gangway("maya", "mail", collection).ends(0, "delivered")
	l.mailTo("nadia@brightwell.example", "Your documents have arrived")
}

// mailbox is the address of the mailbox's page.
func (l *running) mailbox() string {
	l.t.Helper()
	found := regexp.MustCompile(`mailbox\s+(http://\S+)`).FindStringSubmatch(l.said)
	if found == nil {
		l.t.Fatalf("local does not say where the mailbox is:\n%s", l.said)
	}
	return found[1]
}

// mailTo waits for a mail to somebody and says which number it has on the page.
func (l *running) mailTo(address, subject string) string {
	l.t.Helper()
	mail := regexp.MustCompile(`<a href="(\d+)"><bdi>[^<]*` + regexp.QuoteMeta(subject))
	var found []string
	if !within(patience, func() bool {
		_, page := l.get(l.mailbox()+"?to="+address, "")
		found = mail.FindStringSubmatch(page)
		return found != nil
	}) {
		l.t.Fatalf("%s never gets a mail about %q", address, subject)
	}
	return found[1]
}

// reply sends the form under a mail, with a file.
func (l *running) reply(number, from, text, name string, file []byte) {
	l.t.Helper()
	_, page := l.get(l.mailbox()+number, "")
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(page)
	if token == nil || !strings.Contains(page, "Reply as <bdi>"+from) {
		l.t.Fatalf("the mail can't be replied to by %s:\n%s", from, page)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, f := range [][2]string{{"token", token[1]}, {"number", number}, {"as", from}, {"text", text}, {"how", "reply"}} {
		if err := w.WriteField(f[0], f[1]); err != nil {
			l.t.Fatalf("filling in the form: %v", err)
		}
	}
	part, err := w.CreateFormFile("files", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		l.t.Fatalf("filling in the form: %v", err)
	}
	resp, err := http.Post(l.mailbox()+"reply", w.FormDataContentType(), &body)
	if err != nil {
		l.t.Fatalf("sending the form: %v", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(answer), "The reply was sent.") {
		l.t.Fatalf("the reply: status %d, %v\n%s", resp.StatusCode, err, answer)
	}
}
