package papers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/engagement"
)

// eachPDF runs a test with pdftotext and with the reader of our own.
func eachPDF(t *testing.T, run func(t *testing.T, r *Reader)) {
	t.Run("pdftotext", func(t *testing.T) {
		t.Parallel()
		run(t, New(Options{PDFToText: poppler(t)}))
	})
	t.Run("aside", func(t *testing.T) {
		t.Parallel()
		r := New(Options{Aside: itself(t)})
		r.pdf.poppler = "" // as on a machine without it
		run(t, r)
	})
}

func readPDF(t *testing.T, r *Reader, f pdfFile) (engagement.Reading, string) {
	t.Helper()
	reading, text, err := r.Read(t.Context(), "a.pdf", "application/pdf", f.bytes(t))
	if err != nil {
		t.Fatal(err)
	}
	return reading, string(text)
}

// A contract in PDF has its clauses.
func TestPDFClauses(t *testing.T) {
	t.Parallel()
	eachPDF(t, func(t *testing.T, r *Reader) {
		for _, packed := range []bool{false, true} {
			lines := append([]string{"Services Agreement", "", "1. Services", "", "1.1 The provider will provide the services to the customer as agreed in", "the order form and in this agreement.", "", "1.2 The customer will pay for them.", "", "2. Term", ""}, prose(60)...)
			reading, text := readPDF(t, r, pdfFile{pages: [][]string{lines}, packed: packed})
			clauses, err := engagement.Split([]byte(text))
			if err != nil {
				t.Fatalf("splitting %q: %v", text, err)
			}
			var refs []string
			for _, c := range clauses {
				refs = append(refs, c.Ref)
			}
			if want := []string{"0", "1", "1.1", "1.2", "2"}; !slices.Equal(refs, want) {
				t.Errorf("clauses %v, want %v, of\n%s", refs, want, text)
			}
			if reading.Pages != 1 || len(reading.Flags) > 0 || reading.Fault != "" || reading.Text == "" || !Legible(reading) {
				t.Errorf("reading %+v", reading)
			}
			if c := clauses[2].Text; !strings.Contains(c, "as agreed in the order form") {
				t.Errorf("clause 1.1 is %q", c)
			}
		}
	})
}

// What is on every page is in no clause, whatever page break there is.
func TestPDFPages(t *testing.T) {
	t.Parallel()
	eachPDF(t, func(t *testing.T, r *Reader) {
		var pages [][]string
		for i := range 4 {
			page := append([]string{"ACME AGREEMENT, CONFIDENTIAL", ""}, prose(40)...)
			pages = append(pages, append(page, "", "Page "+numeral(i+1, "decimal")+" of 4"))
		}
		reading, text := readPDF(t, r, pdfFile{pages: pages})
		if n := strings.Count(text, "CONFIDENTIAL"); n != 1 || strings.Count(text, "Page #") != 1 || strings.Contains(text, "Page 3") {
			t.Errorf("%d heads in\n%s", n, text)
		}
		if reading.Pages != 4 {
			t.Errorf("%d pages", reading.Pages)
		}
	})
}

// A font that maps its letters to others: the text looks fine and can't be read.
// Nothing is concluded from it.
func TestPDFBrokenFontMap(t *testing.T) {
	t.Parallel()
	eachPDF(t, func(t *testing.T, r *Reader) {
		reading, _ := readPDF(t, r, pdfFile{pages: [][]string{prose(300)}, unicode: brokenMap()})
		if !slices.Contains(reading.Flags, engagement.FlagUnreadable) || reading.Fault != "" || reading.Kind != "" || Legible(reading) {
			t.Errorf("reading %+v", reading)
		}
	})
}

// A scan has no text.
func TestPDFScan(t *testing.T) {
	t.Parallel()
	eachPDF(t, func(t *testing.T, r *Reader) {
		reading, text := readPDF(t, r, pdfFile{pages: [][]string{nil, nil}})
		if !slices.Contains(reading.Flags, engagement.FlagUnreadable) || reading.Fault != "" || text != "" || reading.Text != "" {
			t.Errorf("reading %+v, text %q", reading, text)
		}
	})
}

// One page of three that was scanned is told.
func TestPDFScannedPages(t *testing.T) {
	t.Parallel()
	eachPDF(t, func(t *testing.T, r *Reader) {
		reading, _ := readPDF(t, r, pdfFile{pages: [][]string{prose(100), nil}})
		if !slices.Equal(reading.Flags, []engagement.ReadingFlag{engagement.FlagPartly}) || reading.Pages != 2 {
			t.Errorf("reading %+v", reading)
		}
	})
}

// A password keeps a document out; a lock against changes alone does not.
func TestPDFEncrypted(t *testing.T) {
	t.Parallel()
	eachPDF(t, func(t *testing.T, r *Reader) {
		secret, empty := "secret", ""
		reading, text := readPDF(t, r, pdfFile{pages: [][]string{prose(100)}, password: &secret})
		if reading.Fault != engagement.FaultEncrypted || text != "" {
			t.Errorf("with a password: %+v", reading)
		}
		reading, text = readPDF(t, r, pdfFile{pages: [][]string{prose(100)}, password: &empty})
		// The reader of our own opens it and finds no text, which it says.
		if reading.Fault != "" || r.pdf.poppler != "" && !strings.Contains(text, "The provider will keep") || Legible(reading) != (text != "") {
			t.Errorf("with none to open it: %+v, %q", reading, text)
		}
	})
}

// Programs and files inside, wherever they stand.
func TestPDFPrograms(t *testing.T) {
	t.Parallel()
	r := New(Options{})
	for _, c := range []struct {
		name string
		in   pdfFile
		want engagement.ReadingFault
	}{
		{"a script when it opens", pdfFile{catalog: "/OpenAction<</S/JavaScript/JS(app.alert(1))>>"}, engagement.FaultMacros},
		{"a script by another spelling", pdfFile{catalog: "/OpenAction<</S/J#61vaScript/J#53(app.alert(1))>>"}, engagement.FaultMacros},
		{"a program to start", pdfFile{extra: []string{"<</S/Launch/F(cmd.exe)>>"}}, engagement.FaultMacros},
		{"an attached file", pdfFile{catalog: "/Names<</EmbeddedFiles 9 0 R>>"}, engagement.FaultNested},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.in.pages = [][]string{prose(60)}
			if reading, _ := readPDF(t, r, c.in); reading.Fault != c.want {
				t.Errorf("fault %q, want %q", reading.Fault, c.want)
			}
		})
	}
	t.Run("in compressed objects", func(t *testing.T) {
		t.Parallel()
		packed := pdfFile{packed: true}.assemble(t, map[int]string{1: "<</Type/Catalog>>"}, map[int]string{7: "1 0 <</S/JavaScript/JS(x)>>"})
		packed = []byte(strings.Replace(string(packed), "/Filter/FlateDecode", "/Type/ObjStm/Filter/FlateDecode", 1))
		if look := lookAtPDF(packed); !look.program {
			t.Error("a script in an object stream was not seen")
		}
	})
	t.Run("words in the text are none", func(t *testing.T) {
		t.Parallel()
		if look := lookAtPDF(pdfFile{pages: [][]string{{"/JavaScript and /Launch"}}}.bytes(t)); look.program || look.files || look.locked || look.form {
			t.Errorf("saw %+v in plain words", look)
		}
	})
}

func TestPDFForm(t *testing.T) {
	t.Parallel()
	reading, _ := readPDF(t, New(Options{}), pdfFile{pages: [][]string{prose(60)}, catalog: "/AcroForm<</Fields[100 0 R]>>", extra: []string{"<</FT/Tx/T(name)>>"}})
	if !slices.Contains(reading.Flags, engagement.FlagForms) {
		t.Errorf("flags %v", reading.Flags)
	}
}

// Comments, and text put over the text, are in no text that is read.
func TestPDFNotes(t *testing.T) {
	t.Parallel()
	reading, _ := readPDF(t, New(Options{}), pdfFile{pages: [][]string{prose(60)}, extra: []string{"<</Type/Annot/Subtype/FreeText/Contents(not 100 but 200)>>"}})
	if !slices.Equal(reading.Flags, []engagement.ReadingFlag{engagement.FlagComments}) && !slices.Contains(reading.Flags, engagement.FlagUnreadable) {
		t.Errorf("flags %v", reading.Flags)
	}
}

// Text is legible when people could have written it.
func TestLegible(t *testing.T) {
	t.Parallel()
	contract := strings.Join(prose(200), " ")
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"english":              {contract, true},
		"german":               {strings.Repeat("Der Auftragnehmer und der Auftraggeber sind sich über die Vergütung einig. ", 10), true},
		"polish":               {strings.Repeat("Umowa jest zawarta przez strony i nie może być zmieniona bez zgody. ", 10), true},
		"dutch":                {strings.Repeat("De overeenkomst is van kracht voor een jaar en wordt niet verlengd. ", 10), true},
		"letters pulled apart": {strings.Join(strings.Split(strings.ReplaceAll(contract, " ", ""), ""), " "), false},
		"no blanks":            {strings.ReplaceAll(contract, " ", ""), false},
		"letters exchanged": {strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return 'a' + (r-'a'+11)%26
			}
			return r
		}, contract), false},
		"a cover sheet": {"Acme Ltd, Agreement 2031", true},
		"nothing":       {" \n 12 ", false},
	} {
		if got := legible(c.text); got != c.want {
			ratio, tokens := stopwordRatio(c.text)
			t.Errorf("%s: legible %t at %.3f of %d", name, got, ratio, tokens)
		}
	}
}

func TestPDFLines(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"for the Third-\n  Party Materials": "for the Third-Party\n  Materials",
		"are non-\nrefundable.\nNext":       "are non-refundable.\nNext",
		"from 2031-\n2033 on":               "from 2031-\n2033 on",
	} {
		if got := hyphensJoined(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	pages := [][]string{{"1. A", "    (a) B", "      text", "        (i) C"}, {"      (b) D", "         (ii) E", "12 months"}}
	steadyColumns(pages)
	if want := []string{"    (b) D", "        (ii) E", "12 months"}; !slices.Equal(pages[1], want) {
		t.Errorf("after the page break %q, want %q", pages[1], want)
	}
	side := strings.Repeat("The first column of the text here          and the second column beside it\n", 12)
	if !columns(side) || columns(strings.Join(prose(300), "\n")) {
		t.Error("columns side by side are not told from text")
	}
}

// What is no PDF inside is broken where pdftotext says so, and never taken for
// text.
func TestPDFBroken(t *testing.T) {
	t.Parallel()
	reading, _, err := New(Options{PDFToText: poppler(t), Aside: itself(t)}).Read(t.Context(), "a.pdf", "", []byte("%PDF-1.4\nnothing that follows\n"))
	if err != nil || reading.Fault != engagement.FaultBroken {
		t.Errorf("%+v, %v", reading, err)
	}
	// Neither reader is there.
	r := New(Options{})
	r.pdf.poppler = ""
	if reading, _ := readPDF(t, r, pdfFile{pages: [][]string{prose(60)}}); reading.Fault != "" || !slices.Equal(reading.Flags, []engagement.ReadingFlag{engagement.FlagUnreadable}) {
		t.Errorf("without a reader: %+v", reading)
	}
}

// Files that end a process in which they are read: the reader's process, not ours.
func TestPDFExhausts(t *testing.T) {
	t.Parallel()
	r := New(Options{Aside: itself(t)})
	r.pdf.poppler = ""
	nested := pdfFile{pages: [][]string{prose(60)}, extra: []string{strings.Repeat("[", 4<<20)}, catalog: "/Outlines 100 0 R"}
	memory := pdfFile{pages: [][]string{prose(60)}, size: 1 << 40}
	deep := pdfFile{}.assemble(t, map[int]string{1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Count 1/Kids[3 0 R]>>", 3: "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"}, map[int]string{4: strings.Repeat("[", 8<<20)})
	for name, raw := range map[string][]byte{"nested": nested.bytes(t), "memory": memory.bytes(t), "deep": deep} {
		reading, _, err := r.Read(t.Context(), "a.pdf", "", raw)
		if err != nil || reading.Fault != "" {
			t.Errorf("%s: %+v, %v", name, reading, err)
		}
	}
}

// A reader that never ends is ended, and its document is unreadable; a caller that
// gives up gets an error, since nothing is known of the document.
func TestPDFPatience(t *testing.T) {
	t.Parallel()
	raw := pdfFile{pages: [][]string{prose(60)}}.bytes(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := New(Options{PDFToText: poppler(t)}).Read(ctx, "a.pdf", "", raw); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that gave up got %v", err)
	}
	if _, _, err := New(Options{PDFToText: "/nowhere/pdftotext"}).Read(t.Context(), "a.pdf", "", raw); err == nil {
		t.Error("a reader that isn't there was no error")
	}
	out, err := runOutside(t.Context(), 50*time.Millisecond, []string{"/bin/sleep", "60"}, nil)
	if err != nil || !out.late {
		t.Errorf("a program that never ends: %+v, %v", out, err)
	}
}
