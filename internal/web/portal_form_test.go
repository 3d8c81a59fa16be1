package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"gangway/internal/engagement"
)

// slowFile is a form with one file of so many bytes, which is never in memory as
// a whole.
func slowFile(fields string, size int64) (*http.Request, *counted) {
	const bound = "b0undary"
	var head strings.Builder
	if fields != "" {
		fmt.Fprintf(&head, "--%s\r\nContent-Disposition: form-data; name=\"task\"\r\n\r\n%s\r\n", bound, fields)
	}
	fmt.Fprintf(&head, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large.bin\"\r\nContent-Type: application/pdf\r\n\r\n", bound)
	body := &counted{r: io.MultiReader(strings.NewReader(head.String()), io.LimitReader(zeros{}, size), strings.NewReader("\r\n--"+bound+"--\r\n"))}
	r := httptest.NewRequest(http.MethodPost, "/portal/upload", body)
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+bound)
	return r, body
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// TestUploadSizes: a file that is too large is said to be, on the task's page,
// while the others are taken; a form that goes on for ever is cut.
func TestUploadSizes(t *testing.T) {
	t.Parallel()
	v := newVendorSite(t)
	v.upload("northwind.1", sentFile{"dpa.txt", "text/plain", "the agreement"}).leads("/portal/task?")
	r, _ := slowFile(dpaTask, maxUpload+1)
	to := v.visit("northwind.1", r).leads("/portal/task?")
	v.see("northwind.1", to).wants(http.StatusOK, "<bdi>large.bin</bdi> was not taken", "larger than what is taken here (25 MB)", "dpa.txt")
	r, _ = slowFile(dpaTask, maxUpload)
	v.see("northwind.1", v.visit("northwind.1", r).leads("/portal/task?")).wants(http.StatusOK, "large.bin", "26.2 MB").lacks("was not taken")
	r, body := slowFile(dpaTask, 1<<40)
	v.visit("northwind.1", r).wants(http.StatusRequestEntityTooLarge, "at most 25 MB")
	if body.n > maxUploads+1<<20 {
		t.Errorf("%d bytes were read", body.n)
	}
	for who, want := range map[string]int{"": http.StatusUnauthorized, "elsewhere.1": http.StatusNotFound} { // nobody fills anything who has no task here
		r, body = slowFile(dpaTask, 1<<40)
		v.visit(who, r).wants(want)
		if body.n > 1<<20 {
			t.Errorf("%d bytes of %q were read", body.n, who)
		}
	}
	r, body = slowFile("", 1<<40)
	v.visit("northwind.1", r).wants(http.StatusNotFound)
	if body.n > 1<<20 {
		t.Errorf("%d bytes for no task were read", body.n)
	}
	many := make([]sentFile, maxFiles+1)
	for i := range many {
		many[i] = sentFile{fmt.Sprintf("f%d.txt", i), "text/plain", fmt.Sprintf("text %d", i)}
	}
	v.upload("northwind.1", many...).wants(http.StatusRequestEntityTooLarge, "those before it were taken")
	v.see("northwind.1", taskLink(dpaTask, pageFiles)).wants(http.StatusOK, "f9.txt").lacks("f10.txt")
	v.upload("northwind.1", many...).wants(http.StatusRequestEntityTooLarge, "at most twenty files")
	clear(v.front.uploads)
	v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {dpaTask}})).wants(http.StatusUnprocessableEntity, "Pick a file first")
	v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {dpaTask}}, sentFile{"", "application/octet-stream", ""})).wants(http.StatusUnprocessableEntity, "Pick a file first")
	v.visit("northwind.1", filesForm(t, "/portal/upload", url.Values{"task": {dpaTask}, "x": {strings.Repeat("x", maxField+1)}})).wants(http.StatusRequestEntityTooLarge)
	cut := httptest.NewRequest(http.MethodPost, "/portal/upload", strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"task\"\r\n\r\n"+dpaTask+"\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf a fi"))
	cut.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	v.visit("northwind.1", cut).wants(http.StatusBadRequest, "could not be read")
}

// TestUploadFaults: every fault and flag has words of its own that say what to do.
func TestUploadFaults(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range []engagement.ReadingFault{engagement.FaultEmpty, engagement.FaultTooLarge, engagement.FaultType, engagement.FaultMismatch, engagement.FaultMacros, engagement.FaultEncrypted,
		engagement.FaultBomb, engagement.FaultNested, engagement.FaultBroken, engagement.FaultMalware, engagement.FaultUnscanned, "other"} {
		if text := faultWords(f); seen[text] || !strings.HasSuffix(text, ".") {
			t.Errorf("%s: %q", f, text)
		} else {
			seen[text] = true
		}
	}
	for _, f := range []engagement.ReadingFlag{engagement.FlagTracked, engagement.FlagComments, engagement.FlagHidden, engagement.FlagUnreadable, engagement.FlagPartly, engagement.FlagForms} {
		if text := flagWords(f); seen[text] || !strings.HasSuffix(text, ".") {
			t.Errorf("%s: %q", f, text)
		} else {
			seen[text] = true
		}
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"dpa.pdf": "dpa.pdf", `C:\Users\vera\dpa.pdf`: "dpa.pdf", "../../etc/passwd": "passwd", "": "a file without a name", "..": "a file without a name", "/": "a file without a name",
		"a\r\nb.pdf": "a  b.pdf", "invoice\u202Efdp.exe": "invoicefdp.exe", " .pdf ": ".pdf"} {
		if got := fileName(name); got != want {
			t.Errorf("fileName(%q) = %q, want %q", name, got, want)
		}
	}
	if got := fileName(strings.Repeat("long", 100) + ".docx"); !strings.HasSuffix(got, ".docx") || utf8.RuneCountInString(got) > maxFileName {
		t.Errorf("a long name is %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		got := fileName(rapid.String().Draw(t, "name"))
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxFileName+1 || strings.ContainsAny(got, "/\\") || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
			t.Fatalf("a file is called %q", got)
		}
	})
}

// FuzzUpload: whatever comes as a form with files, it is read within its bounds,
// each file says at most what it may, and fields are text.
func FuzzUpload(f *testing.F) {
	const head = "--b\r\nContent-Disposition: form-data; name=\"task\"\r\n\r\nx\r\n"
	f.Add("multipart/form-data; boundary=b", head+"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--b--\r\n")
	f.Add("multipart/form-data; boundary=b", head+"--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''%E2%80%AE\r\n\r\n\r\n--b--\r\n")
	f.Add("multipart/form-data; boundary=b", strings.Repeat(head, 40))
	f.Add("multipart/form-data", "x")
	f.Add("multipart/form-data; boundary=b", head+"--b\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Disposition: form-data; name=\"file\"; filename=\"..\\..\\a\"\r\n\r\n=00=")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest(http.MethodPost, "/portal/upload", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		took := 0
		fields, files, err := readFiles(httptest.NewRecorder(), r, func(_ url.Values, in incoming) error {
			took++
			raw, err := io.ReadAll(in)
			if len(raw) > len(body) || len(raw) > maxUpload {
				t.Fatalf("a file of %d bytes came out of %d", len(raw), len(body))
			}
			if in.Name != fileName(in.Name) && in.Name != "a file without a name" || strings.ContainsAny(in.Declared, "\r\n\x00") {
				t.Fatalf("a file is called %q, and is %q", in.Name, in.Declared)
			}
			return err
		})
		if files < took || took > maxFiles || len(fields) > maxFields+maxFiles {
			t.Fatalf("%d files, %d taken, %d fields", files, took, len(fields))
		}
		for name, values := range fields {
			for _, value := range values {
				if !utf8.ValidString(value) || len(value) > 3*maxField {
					t.Fatalf("%q is %q", name, value)
				}
			}
		}
		var own plainFault
		var large *http.MaxBytesError
		if err != nil && !errors.As(err, &own) && !errors.As(err, &large) {
			t.Fatalf("%v is no fault that people are told", err)
		}
	})
}

// FuzzBounded: what is read is what is there, or an end that says so.
func FuzzBounded(f *testing.F) {
	f.Add([]byte("abc"), 2)
	f.Add([]byte(""), 0)
	f.Fuzz(func(t *testing.T, raw []byte, left int) {
		if left < 0 || left > 1<<20 {
			t.Skip("no bound of ours")
		}
		got, err := io.ReadAll(&bounded{r: bytes.NewReader(raw), left: int64(left)})
		if len(raw) <= left && (err != nil || !bytes.Equal(got, raw)) || len(raw) > left && (err == nil || !bytes.Equal(got, raw[:left])) {
			t.Fatalf("%d of %d bytes, bound %d: %v", len(got), len(raw), left, err)
		}
	})
}

// FuzzPoints: whatever is filled in, a finding that is sent names its point, has
// only places that are there, and says one thing.
func FuzzPoints(f *testing.F) {
	f.Add(url.Values{"p0.point": {"a"}, "p0.say": {"here"}, "p0.place": {"1"}, "p0.other": {"2, 3"}, "p1.point": {"d"}, "p1.say": {"on"}, "p1.day": {"2027-01-02"}}.Encode())
	f.Add(url.Values{"p0.point": {"a"}, "p0.say": {"missing"}, "p1.point": {"d"}, "p1.say": {"here"}, "p1.other": {"§ 2."}}.Encode())
	points, refs := []engagement.Point{{ID: "a", Proposed: []string{"1"}}, {ID: "d", Dated: true}}, []string{"1", "2", "3"}
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip("no form")
		}
		forms, err := parsePoints(v, points)
		if err != nil {
			return
		}
		for _, p := range points {
			got, wrong := forms[p.ID].finding(p, refs)
			if wrong != "" {
				continue
			}
			if got.Point != p.ID || got.Missing && (len(got.Places) > 0 || !got.On.IsZero()) || !got.Missing && len(got.Places) == 0 && got.On.IsZero() || !p.Dated && !got.On.IsZero() || len(got.Places) > maxPlaces {
				t.Fatalf("%q came to %+v", query, got)
			}
			for _, ref := range got.Places {
				if ref != "1" && ref != "2" && ref != "3" {
					t.Fatalf("%q names the place %q", query, ref)
				}
			}
		}
	})
}
