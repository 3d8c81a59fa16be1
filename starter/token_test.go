package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gangway/internal/dossier"
)

// TestCasesFollowPages: a list longer than one call brings is whole, each case
// once, although one moved between two calls.
func TestCasesFollowPages(t *testing.T) {
	t.Parallel()
	var list []dossier.CaseView
	for i := range 2*caseStride + 7 {
		list = append(list, dossier.CaseView{ID: fmt.Sprintf("onboarding/v%03d/1", i), State: dossier.Running, Opened: days(0)})
	}
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		most, err := strconv.Atoi(r.FormValue("most"))
		if err != nil || r.URL.Path != "/api/cases" {
			t.Errorf("asked for %s", r.URL)
		}
		rest := list
		if after := r.FormValue("after"); after != "" {
			rest = list[1+slices.IndexFunc(list, func(v dossier.CaseView) bool { return v.ID == after }):]
		}
		if calls == 2 { // the first one came again
			rest = append([]dossier.CaseView{list[0]}, rest...)
		}
		if err := json.NewEncoder(w).Encode(rest[:min(most, len(rest))]); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	var out, errs bytes.Buffer
	if code := patient().run(t.Context(), []string{"cases", "-o", "json", "--url", server.URL, "--as", "maya"}, nil, nil, &out, &errs); code != 0 {
		t.Fatal(errs.String())
	}
	var got []dossier.CaseView
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(list) || calls != 3 {
		t.Fatalf("%d cases in %d calls, want %d", len(got), calls, len(list))
	}
	for i := range got {
		if got[i].ID != list[i].ID {
			t.Fatalf("case %d is %s", i, got[i].ID)
		}
	}
}

// TestTokenSpeaksAlone: with a token no name is sent, and none is asked for.
func TestTokenSpeaksAlone(t *testing.T) {
	t.Parallel()
	var name, bearer string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, bearer = r.Header.Get("Gangway-As"), r.Header.Get("Authorization")
		_, named := r.Header["Gangway-As"]
		if named {
			t.Error("an empty name was sent")
		}
		_, _ = w.Write([]byte("[]"))
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("gwt_mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	if code := patient().run(t.Context(), []string{"people", "list", "--url", server.URL, "--token-file", file}, nil, nil, new(bytes.Buffer), &errs); code != 0 {
		t.Fatal(errs.String())
	}
	if name != "" || bearer != "Bearer gwt_mine" {
		t.Errorf("sent %q as %q", bearer, name)
	}
	dir := folder(t, server.URL, "") // a local gets no token of another gangway's
	code := patient().run(t.Context(), []string{"people", "list", "--data", dir, "--token-file", file}, nil, nil, new(bytes.Buffer), new(bytes.Buffer))
	if code != exitDenied {
		t.Errorf("exit code %d", code)
	}
}

func TestOverheard(t *testing.T) {
	t.Parallel()
	for address, fine := range map[string]bool{"https://gangway.example": true, "http://127.0.0.1:7400": true, "http://[::1]:1": true, "http://localhost:1": true, "http://127.9.9.9": true,
		"http://gangway.example": false, "http://10.0.0.1": false, "http://localhost.evil.example": false, "http://0.0.0.0": false, "http://[::ffff:10.0.0.1]": false} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := overheard(u); (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestTokenFiles: what is no file with one token in it signs nobody in.
func TestTokenFiles(t *testing.T) {
	t.Parallel()
	for text, fine := range map[string]bool{"gwt_a": true, " gwt_a\n": true, "": false, "gwt_a gwt_b": false, "gwt_a\nX: y": false, "hunter2": false, "gwt_" + strings.Repeat("a", mostToken): false} {
		path := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		secret, err := readToken(path)
		if (err == nil) != fine || strings.TrimSpace(text) != secret && fine {
			t.Errorf("%.20q: %q, %v", text, secret, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error tells what is in the file: %v", err)
		}
	}
}
