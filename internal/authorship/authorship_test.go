package authorship

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gangway/internal/inventory"
)

// by begins a commit, the other three are its changes, as git writes them.
func by(mail string) string          { return begins + mail + between + "Some One\x00\n" }
func added(name string) string       { return "A\x00" + name + "\x00" }
func changed(name string) string     { return "M\x00" + name + "\x00" }
func renamed(from, to string) string { return "R087\x00" + from + "\x00" + to + "\x00" }
func mailOf(a Author) string         { return a.Mail }
func ledger(t testing.TB, log string) *Ledger {
	t.Helper()
	l, err := Count(strings.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func said(files []File) string {
	var words []string
	for _, f := range files {
		words = append(words, f.Path+":"+strings.Join(f.Authors, ","))
	}
	return strings.Join(words, " ")
}

// TestTheDegreeIsThatOfThePaper, at the points that can be worked out by hand.
func TestTheDegreeIsThatOfThePaper(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first       bool
		own, others int
		want        float64
	}{
		{false, 0, 0, 3.293},
		{true, 1, 0, 3.293 + 1.098 + 0.164},
		{true, 1, 9, 3.293 + 1.098 + 0.164 - 0.321*math.Log(10)},
		{false, 5, 1, 3.293 + 5*0.164 - 0.321*math.Log(2)},
	} {
		if got := Degree(c.first, c.own, c.others); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v: %f", c, got)
		}
	}
}

// TestALogIsCounted: who made a file and who changed it, through renames; what is deleted
// is nobody's.
func TestALogIsCounted(t *testing.T) {
	t.Parallel()
	l := ledger(t, by("Dev@Acme.example")+added("a b/one")+added("gone")+added("two")+added("three")+
		by("dev@acme.example")+renamed("a b/one", "c/one")+"D\x00gone\x00"+
		by("ann@x")+strings.Repeat(changed("two"), 12)+strings.Repeat(changed("three"), 11)+added("C")+"C100\x00C\x00copy\x00"+
		strings.TrimSuffix(by("empty@x"), "\n"))
	if got := said(l.Files(mailOf)); got != "C:ann@x c/one:dev@acme.example copy:ann@x three:ann@x,dev@acme.example two:ann@x" {
		t.Errorf("%s", got)
	}
	if l.Commits() != 4 || len(l.Authors()) != 3 {
		t.Errorf("%d commits of %v", l.Commits(), l.Authors())
	}
	l.Keep([]string{"C", "never"})
	if got := said(l.Files(mailOf)); got != "C:ann@x" {
		t.Errorf("kept %s", got)
	}
}

// TestALogThatIsNoneIsRefused, and nothing of it is quoted.
func TestALogThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for name, log := range map[string]string{
		"words":              "planted words\n",
		"a change first":     changed("planted"),
		"no author":          begins + "planted\x00",
		"no kind":            by("planted@x") + "planted\x00x\x00",
		"no name":            by("planted@x") + "M\x00",
		"an empty name":      by("planted@x") + "M\x00\x00",
		"half a rename":      by("planted@x") + "R100\x00planted\x00",
		"ends in the middle": by("planted@x") + "M\x00planted",
		"a name without end": by("planted@x") + "M\x00" + strings.Repeat("planted", mostToken),
	} {
		if _, err := Count(strings.NewReader(log)); err == nil || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Count(io.MultiReader(strings.NewReader(by("x@x")), broken{})); err == nil {
		t.Error("a log that broke off was read")
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestWhoKnowsARepository: the vendor's people by account, login, address and domain;
// whoever calls themselves like our word for them is not believed.
func TestWhoKnowsARepository(t *testing.T) {
	t.Parallel()
	w := NewWhose(inventory.Roster{Identities: []inventory.Identity{{Login: "dev-one", Account: 4711}, {Login: "dev-two"}}, Mails: []string{" @Acme.example", "old@home.example", "no address"}})
	for _, c := range []struct {
		mail, name string
		theirs     bool
	}{
		{"4711+new-name@users.noreply.github.com", "", true},
		{"1+dev-one@users.noreply.github.com", "", false}, // somebody took the login over
		{"dev-two@users.noreply.github.com", "", true},
		{"1+dev-two@users.noreply.github.com", "", true}, // whose account is not known
		{"x@y.example", "Dev-One", true},
		{"x@acme.example", "X", true},
		{"x@notacme.example", "X", false},
		{"old@home.example", "X", true},
		{"roster:dev-one", "X", false},
		{"", "", false},
		{"no address", "", false},
	} {
		if got := w.Theirs(w.Person(Author{c.mail, c.name})); got != c.theirs {
			t.Errorf("%s %s: %v", c.mail, c.name, got)
		}
	}
	if w.Person(Author{"4711+x@users.noreply.github.com", ""}) != w.Person(Author{"a@b", "dev-one"}) {
		t.Error("one account is two people")
	}
}

// TestDirectoriesThatOnlyTheVendorKnows: the widest, and none that somebody else wrote in.
func TestDirectoriesThatOnlyTheVendorKnows(t *testing.T) {
	t.Parallel()
	f := func(name string, authors ...string) File { return File{Path: name, Authors: authors} }
	theirs := func(person string) bool { return strings.HasPrefix(person, "v") }
	for _, c := range []struct {
		files []File
		want  string
	}{
		{nil, ""},
		{[]File{f("a", "v")}, "."},
		{[]File{f("a/b/c", "v"), f("a/d", "v2"), f("e", "us")}, "a"},
		{[]File{f("a/b/c", "v"), f("a/d", "v", "us"), f("x/y", "v")}, "a/b x"},
		{[]File{f("a/b/c", "us"), f("a/d", "v")}, ""},
		{[]File{f("a/c"), f("b/c", "v"), f("d", "us")}, "b"},
		{[]File{f("/abs", "v"), f("d/../x", "us")}, ""},
	} {
		if got := strings.Join(OnlyBy(c.files, theirs), " "); got != c.want {
			t.Errorf("%s: %q, want %q", said(c.files), got, c.want)
		}
	}
}

func someFiles(t *rapid.T) []File {
	n := rapid.IntRange(0, 30).Draw(t, "files")
	seen := map[string]bool{}
	var files []File
	for range n {
		name := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 4).Draw(t, "path"), "/") + ".go"
		if seen[name] {
			continue
		}
		seen[name] = true
		authors := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"v1", "v2", "u1", "u2", "u3"}), 0, 3, rapid.ID[string]).Draw(t, "authors")
		slices.Sort(authors)
		files = append(files, File{Path: name, Authors: authors})
	}
	return files
}

// Every file below a directory of OnlyBy has only their authors; none lies within another;
// and a file whose directory is all theirs is below one of them.
func TestOnlyByProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		files := someFiles(t)
		theirs := func(person string) bool { return person[0] == 'v' }
		dirs := OnlyBy(files, theirs)
		within := func(dir, name string) bool { return dir == Root || strings.HasPrefix(name, dir+"/") }
		for i, d := range dirs {
			some := false
			for _, f := range files {
				if within(d, f.Path) {
					some = some || len(f.Authors) > 0
					if slices.ContainsFunc(f.Authors, func(a string) bool { return !theirs(a) }) {
						t.Fatalf("%s has %s, which others wrote", d, f.Path)
					}
				}
			}
			if !some {
				t.Fatalf("nobody wrote %s", d)
			}
			for j, other := range dirs {
				if i != j && (other == Root || within(other, d)) {
					t.Fatalf("%s is within %s", d, other)
				}
			}
		}
		for _, f := range files {
			dir := parent(f.Path)
			all := len(f.Authors) > 0
			for _, g := range files {
				all = all && (!within(dir, g.Path) || !slices.ContainsFunc(g.Authors, func(a string) bool { return !theirs(a) }))
			}
			if all && !slices.ContainsFunc(dirs, func(d string) bool { return within(d, f.Path) }) {
				t.Fatalf("%s is all theirs and in none of %q", f.Path, dirs)
			}
		}
	})
}

// The truck factor is between nobody and everybody, and as many of the greedy choice leave
// half of the files without an author, one less does not.
func TestTruckFactorProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		files := someFiles(t)
		people := map[string]bool{}
		total := 0
		for _, f := range files {
			if len(f.Authors) > 0 {
				total++
			}
			for _, a := range f.Authors {
				people[a] = true
			}
		}
		n := TruckFactor(files)
		if n > len(people) || (n == 0) != (total == 0) {
			t.Fatalf("%d of %d people in %s", n, len(people), said(files))
		}
		slices.Reverse(files)
		if again := TruckFactor(files); again != n {
			t.Fatalf("%d, and the other way round %d", n, again)
		}
		// No one alone is enough where it is more than one and they have the most files.
		if n > 1 {
			for person := range people {
				without := 0
				for _, f := range files {
					if len(f.Authors) == 1 && f.Authors[0] == person {
						without++
					}
				}
				has := map[string]int{}
				for _, f := range files {
					for _, a := range f.Authors {
						has[a]++
					}
				}
				most := true
				for other := range has {
					most = most && (has[other] < has[person] || other == person)
				}
				if most && 2*without >= total {
					t.Fatalf("%s alone leaves %d of %d without an author, and it is said to be %d", person, without, total, n)
				}
			}
		}
	})
}

// Everybody with the highest degree is an author; a change of one's own never lowers one's
// degree, and one of somebody else's never raises it.
func TestDegreeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Bool().Draw(t, "first")
		own, others := rapid.IntRange(0, 1000).Draw(t, "own"), rapid.IntRange(0, 1_000_000).Draw(t, "others")
		d := Degree(first, own, others)
		if Degree(first, own+1, others) <= d || Degree(first, own, others+1) > d || Degree(true, own, others) < d {
			t.Fatalf("%v %d %d: %f", first, own, others, d)
		}
		log := by("x@x") + added("f")
		for i := range rapid.IntRange(0, 20).Draw(t, "changes") {
			log += by(fmt.Sprintf("%d@x", i%3)) + changed("f")
		}
		l, err := Count(strings.NewReader(log))
		if err != nil || len(l.Files(mailOf)) != 1 || len(l.Files(mailOf)[0].Authors) == 0 {
			t.Fatalf("%v", err)
		}
	})
}

// FuzzCount: a log is the work of strangers; whatever it is, it is read or refused.
func FuzzCount(f *testing.F) {
	f.Add(by("dev@acme.example") + added("a/b") + renamed("a/b", "c") + "D\x00c\x00")
	f.Add(begins + "\x00")
	f.Add(by("x@x") + "C050\x00a\x00b\x00T\x00b\x00")
	f.Fuzz(func(t *testing.T, log string) {
		l, err := Count(strings.NewReader(log))
		if err != nil {
			return
		}
		files := l.Files(mailOf)
		for _, file := range files {
			if file.Path == "" || len(file.Authors) == 0 {
				t.Errorf("%q has %q", file.Path, file.Authors)
			}
		}
		if n := TruckFactor(files); n > len(l.Authors()) {
			t.Errorf("%d of %d authors", n, len(l.Authors()))
		}
		OnlyBy(files, func(string) bool { return true })
	})
}
