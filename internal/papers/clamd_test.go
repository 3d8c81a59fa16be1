package papers

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gangway/internal/engagement"
)

// eicar is the string that every scanner takes for malware (eicar.org), put
// together here so that none takes this file for it.
func eicar() string {
	return `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-` + `ANTIVIRUS-TEST-FILE!$H+H*`
}

// clamd starts a real scanner that knows one thing, and gives its address.
func clamd(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("clamd")
	if err != nil {
		program = "/usr/sbin/clamd" // where Debian has it, outside of the path of many
		_, err = os.Stat(program)
	}
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatalf("looking for clamd: %v", err)
		}
		t.Skip("clamd is not installed (GANGWAY_REQUIRE=1 makes this a failure)")
	}
	dir, err := os.MkdirTemp("", "clamd") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	conf := fmt.Sprintf("LocalSocket %s\nDatabaseDirectory %s\nForeground yes\nStreamMaxLength 30M\nMaxScanSize 100M\nMaxFileSize 30M\nMaxRecursion 12\nAlertExceedsMax yes\nUser %s\n", socket, dir, "root")
	if os.Getuid() != 0 {
		conf = strings.Replace(conf, "User root\n", "", 1)
	}
	for name, text := range map[string]string{"clamd.conf": conf, "one.ndb": "Gangway.Test.EICAR:0:*:" + hex.EncodeToString([]byte(eicar())) + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "--config-file", filepath.Join(dir, "clamd.conf"))
	var says bytes.Buffer
	cmd.Stdout, cmd.Stderr = &says, &says
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Kill(); <-ended })
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			conn.Close()
			tick.Stop()
			return socket
		}
		select {
		case <-tick.C:
		case err := <-ended:
			ended <- err
			t.Fatalf("clamd ended: %v\n%s", err, says.String())
		case <-t.Context().Done():
			t.Fatal("clamd did not begin to listen")
		}
	}
}

// A real scanner finds what it knows, plain and packed, and lets the rest pass.
func TestRealClamd(t *testing.T) {
	t.Parallel()
	infected := wordFile{body: p("", r("", "Text.")), extra: map[string]string{"word/media/x.txt": eicar()}}.bytes(t)
	reader := New(Options{Clamd: clamd(t)})
	for _, c := range []struct {
		name, file string
		raw        []byte
		want       engagement.ReadingFault
	}{
		{"plain", "a.txt", []byte(eicar()), engagement.FaultMalware},
		{"inside a document", "a.docx", infected, engagement.FaultMalware},
		{"harmless", "a.txt", []byte("The parties agree."), ""},
		{"large and harmless", "a.txt", bytes.Repeat([]byte("The parties agree. "), 1<<20), ""},
	} {
		reading, _, err := reader.Read(t.Context(), c.file, "", c.raw)
		if err != nil || reading.Fault != c.want {
			t.Errorf("%s: fault %q, %v; want %q", c.name, reading.Fault, err, c.want)
		}
	}
}

// A scanner that fails in any way lets nothing pass, whatever of an answer it gave.
func TestClamdFailsClosed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer string
		swift  bool // answers before it has read
		hang   bool
		want   engagement.ReadingFault
	}{
		{name: "passes", answer: "stream: OK\x00"},
		{name: "finds", answer: "stream: Win.Test FOUND\x00", want: engagement.FaultMalware},
		{name: "fails", answer: "stream: Can't allocate memory ERROR\x00", want: engagement.FaultUnscanned},
		{name: "is sent too much", answer: "INSTREAM size limit exceeded. ERROR\x00", swift: true, want: engagement.FaultUnscanned},
		{name: "ends in the middle", answer: "stream: O", want: engagement.FaultUnscanned},
		{name: "ends before the null", answer: "stream: OK", want: engagement.FaultUnscanned},
		{name: "says nothing", answer: "", want: engagement.FaultUnscanned},
		{name: "says OK to something else", answer: "other: OK\x00", want: engagement.FaultUnscanned},
		{name: "says two things", answer: "stream: OK\x00stream: X FOUND\x00", want: engagement.FaultMalware},
		{name: "never answers", hang: true, want: engagement.FaultUnscanned},
		{name: "never ends", answer: strings.Repeat("OK ", 1<<16), want: engagement.FaultUnscanned},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			raw := bytes.Repeat([]byte("The parties agree. "), 1<<14)
			address, got := loopClamd(t, c.answer, c.swift, c.hang)
			patience := time.Minute
			if c.hang {
				patience = 50 * time.Millisecond
			}
			reading, _, err := New(Options{Clamd: address, Patience: patience}).Read(t.Context(), "a.txt", "", raw)
			if err != nil || reading.Fault != c.want {
				t.Errorf("fault %q, %v; want %q", reading.Fault, err, c.want)
			}
			if c.answer == "stream: OK\x00" && !bytes.Equal(<-got, raw) {
				t.Error("the scanner got other bytes than came")
			}
		})
	}
	t.Run("is not there", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := l.Addr().String()
		l.Close()
		reading, _, err := New(Options{Clamd: address}).Read(t.Context(), "a.txt", "", []byte("Text."))
		if err != nil || reading.Fault != engagement.FaultUnscanned {
			t.Errorf("%+v, %v", reading, err)
		}
	})
	t.Run("its caller gives up", func(t *testing.T) {
		t.Parallel()
		address, got := loopClamd(t, "", false, true)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-got; cancel() }() // it has all, and says nothing
		if _, _, err := New(Options{Clamd: address}).Read(ctx, "a.txt", "", []byte("Text.")); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// loopClamd is a scanner on loopback that reads INSTREAM strictly and answers what
// the test wants; got has what it was sent.
func loopClamd(t *testing.T, answer string, swift, hang bool) (address string, got chan []byte) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	got = make(chan []byte, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if swift {
			io.WriteString(conn, answer)
			return
		}
		all, err := instream(conn)
		if err != nil {
			io.WriteString(conn, "UNKNOWN COMMAND\x00")
			return
		}
		got <- all
		if hang {
			<-t.Context().Done()
			return
		}
		io.WriteString(conn, answer)
	}()
	return l.Addr().String(), got
}

func instream(r io.Reader) ([]byte, error) {
	word := make([]byte, 10)
	if _, err := io.ReadFull(r, word); err != nil || string(word) != "zINSTREAM\x00" {
		return nil, fmt.Errorf("command %q: %w", word, err)
	}
	var all []byte
	for {
		var size [4]byte
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return nil, err
		}
		n := binary.BigEndian.Uint32(size[:])
		if n == 0 {
			return all, nil
		}
		chunk := make([]byte, n)
		if _, err := io.ReadFull(r, chunk); err != nil {
			return nil, err
		}
		all = append(all, chunk...)
	}
}

// zipped packs members as any program does.
func zipped(t testing.TB, members ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		f, err := z.Create(m[0])
		if err == nil {
			_, err = f.Write([]byte(m[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
