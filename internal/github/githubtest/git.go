package githubtest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// GitFolder is where the git repository of one of GitHub's is, or its wiki's: a bare one
// that a test makes there. It stays the same whatever the repository is called and whoever
// has it. Empty: there is no such repository, or the server has no folder (Options.Git).
func (s *Server) GitFolder(owner, name string, wiki bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.anywhere(owner, name)
	if r == nil || s.o.Git == "" {
		return ""
	}
	return filepath.Join(s.o.Git, gitName(r.ID, wiki))
}

func gitName(id int64, wiki bool) string {
	if wiki {
		return strconv.FormatInt(id, 10) + ".wiki.git"
	}
	return strconv.FormatInt(id, 10) + ".git"
}

// LargeFile gives a repository a large file, and returns the pointer that stands for it
// in git.
func (s *Server) LargeFile(owner, name string, content []byte) (pointer string, err error) {
	sum := sha256.Sum256(content)
	oid := hex.EncodeToString(sum[:])
	at := strings.TrimSuffix(s.GitFolder(owner, name, false), ".git") + ".lfs"
	err = os.MkdirAll(at, 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(at, oid), content, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("keeping a large file: %w", err)
	}
	return fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", oid, len(content)), nil
}

// Fetches are the requests of git that came, as repository, path and what it asks for:
// acme/ledger /info/refs?service=git-upload-pack.
func (s *Server) Fetches() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.fetches...)
}

// gitPath is what git asks for: an owner, a repository or its wiki, and what of it.
func gitPath(path string) (owner, name string, wiki bool, rest string, is bool) {
	m := regexp.MustCompile(`^/([^/]+)/([^/]+?)(\.wiki)?\.git(/.*)$`).FindStringSubmatch(path)
	if m == nil {
		return "", "", false, "", false
	}
	return m[1], m[2], m[3] != "", m[4], true
}

// serveGit answers git: by git itself where it speaks for a repository, and by ours where
// it asks for large files.
func (s *Server) serveGit(w http.ResponseWriter, r *http.Request, owner, name string, wiki bool, rest string) {
	s.mu.Lock()
	s.arrive()
	s.fetches = append(s.fetches, strings.TrimSuffix(owner+"/"+name+" "+rest+"?"+r.URL.RawQuery, "?"))
	repo := s.anywhere(owner, name)
	moved, gone := s.left[strings.ToLower(owner+"/"+name)]
	if !gone && strings.EqualFold(owner, s.o.Organisation) {
		moved, gone = s.renamed[strings.ToLower(name)]
	}
	var to string
	if now := s.repositoryByID(moved); repo == nil && gone && now != nil {
		to = "/" + s.whoHas(now) + "/" + now.Name + ".git" + rest
	}
	_, secret, _ := r.BasicAuth()
	look := r.Clone(r.Context())
	look.Header.Set("Authorization", "Bearer "+secret)
	who, refused := s.bearer(route{}, look)
	s.mu.Unlock()
	switch {
	case refused != nil && (repo == nil || repo.Visibility != "public"):
		w.Header().Set("WWW-Authenticate", `Basic realm="GitHub"`)
		http.Error(w, "Invalid username or password.", http.StatusUnauthorized)
	case to != "":
		http.Redirect(w, r, to+"?"+r.URL.RawQuery, http.StatusMovedPermanently)
	case repo == nil || !who.seesRepository(repo) && repo.Visibility != "public":
		http.Error(w, "Repository not found.", http.StatusNotFound)
	case refused == nil && who.may(route{needs: "contents=read", scope: "repo"}) != nil:
		http.Error(w, "Write access to repository not granted.", http.StatusForbidden)
	case strings.HasPrefix(rest, "/info/lfs/"):
		s.serveLarge(w, r, repo.ID, strings.TrimPrefix(rest, "/info/lfs/"))
	default:
		s.backend(w, r, gitName(repo.ID, wiki), rest)
	}
}

// backend has git answer. It only reads.
func (s *Server) backend(w http.ResponseWriter, r *http.Request, folder, rest string) {
	_, err := os.Stat(filepath.Join(s.o.Git, folder))
	program, missing := exec.LookPath("git")
	switch {
	case s.o.Git == "" || errors.Is(err, fs.ErrNotExist) || strings.Contains(rest, ".."):
		http.Error(w, "Repository not found.", http.StatusNotFound)
		return
	case missing != nil || err != nil || strings.Contains(rest, "receive-pack") || r.URL.Query().Get("service") == "git-receive-pack":
		http.Error(w, "this GitHub is only fetched from", http.StatusForbidden)
		return
	}
	h := cgi.Handler{Path: program, Args: []string{"http-backend"}, Dir: s.o.Git, Logger: log.New(discard{}, "", 0), Stderr: discard{},
		Env: []string{"GIT_PROJECT_ROOT=" + s.o.Git, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
			"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"}}
	to := r.Clone(r.Context())
	to.URL.Path = "/" + folder + rest
	to.Header.Del("Authorization")
	h.ServeHTTP(w, to)
}

// discard takes what nobody reads.
type discard struct{}

// Write takes it.
func (discard) Write(p []byte) (int, error) { return len(p), nil }

// serveLarge is the server of large files: it says where they are, and gives them.
func (s *Server) serveLarge(w http.ResponseWriter, r *http.Request, id int64, rest string) {
	folder := filepath.Join(s.o.Git, strconv.FormatInt(id, 10)+".lfs")
	if oid, is := strings.CutPrefix(rest, "objects/"); is && r.Method == http.MethodGet && regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(oid) {
		http.ServeFile(w, r, filepath.Join(folder, oid))
		return
	}
	var in struct {
		Objects []struct {
			OID  string `json:"oid"`
			Size int64  `json:"size"`
		} `json:"objects"`
	}
	if rest != "objects/batch" || r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&in) != nil {
		http.Error(w, "{}", http.StatusNotFound)
		return
	}
	objects := []any{}
	for _, o := range in.Objects {
		out := map[string]any{"oid": o.OID, "size": o.Size}
		if _, err := os.Stat(filepath.Join(folder, filepath.Base(o.OID))); err != nil {
			out["error"] = map[string]any{"code": 404, "message": "Object does not exist"}
		} else {
			out["authenticated"] = true
			out["actions"] = map[string]any{"download": map[string]any{"href": s.URL() + strings.TrimSuffix(r.URL.Path, "batch") + o.OID,
				"header": map[string]string{"Authorization": r.Header.Get("Authorization")}}}
		}
		objects = append(objects, out)
	}
	w.Header().Set("Content-Type", "application/vnd.git-lfs+json")
	_ = json.NewEncoder(w).Encode(map[string]any{"transfer": "basic", "objects": objects}) // a caller that went away
}
