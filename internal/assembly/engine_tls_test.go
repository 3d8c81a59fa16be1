package assembly

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"gangway/config"
)

// authority signs certificates for loopback.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, dir: t.TempDir()}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ok(t, err)
	a.key = key
	self := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, self, self, key.Public(), key)
	ok(t, err)
	a.cert, err = x509.ParseCertificate(der)
	ok(t, err)
	a.write("ca.pem", "CERTIFICATE", der)
	return a
}

func (a *authority) write(name, kind string, der []byte) string {
	a.t.Helper()
	file := filepath.Join(a.dir, name)
	ok(a.t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	return file
}

// issue makes a certificate and its key, as files.
func (a *authority) issue(name string, use x509.ExtKeyUsage) (cert, key string) {
	a.t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ok(a.t, err)
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{use}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.cert, own.Public(), a.key)
	ok(a.t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(own)
	ok(a.t, err)
	return a.write(name+".pem", "CERTIFICATE", der), a.write(name+".key", "PRIVATE KEY", keyDER)
}

// gatekept is a frontend that wants a client certificate of its authority and an
// API key.
type gatekept struct {
	workflowservice.UnimplementedWorkflowServiceServer
}

const engineAPIKey = "key-of-the-namespace"

// GetSystemInfo is what a connection begins with.
func (gatekept) GetSystemInfo(ctx context.Context, _ *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	if sent, _ := metadata.FromIncomingContext(ctx); len(sent["authorization"]) != 1 || sent["authorization"][0] != "Bearer "+engineAPIKey {
		return nil, status.Error(codes.Unauthenticated, "who is this")
	}
	return &workflowservice.GetSystemInfoResponse{ServerVersion: "1.32.1", Capabilities: &workflowservice.GetSystemInfoResponse_Capabilities{}}, nil
}

// guarded runs a gatekept frontend over TLS and returns where.
func (a *authority) guarded() string {
	a.t.Helper()
	cert, key := a.issue("server", x509.ExtKeyUsageServerAuth)
	pair, err := tls.LoadX509KeyPair(cert, key)
	ok(a.t, err)
	clients := x509.NewCertPool()
	clients.AddCert(a.cert)
	s := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: clients, ClientAuth: tls.RequireAndVerifyClientCert})))
	workflowservice.RegisterWorkflowServiceServer(s, gatekept{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(a.t, err)
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(l) })
	a.t.Cleanup(func() { s.Stop(); serving.Wait() })
	return l.Addr().String()
}

// TestTheEngineBehindTLS: the profile's client certificate, authority and API key
// reach an engine that wants all three; without one of them nothing does.
func TestTheEngineBehindTLS(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	addr := a.guarded()
	cert, key := a.issue("worker", x509.ExtKeyUsageClientAuth)
	stranger := newAuthority(t)
	otherCert, otherKey := stranger.issue("stranger", x509.ExtKeyUsageClientAuth)
	for name, c := range map[string]struct {
		apiKey, ca, cert, key string
		connects              bool
	}{
		"all three":             {engineAPIKey, a.dir + "/ca.pem", cert, key, true},
		"another API key":       {"forged", a.dir + "/ca.pem", cert, key, false},
		"another authority":     {engineAPIKey, stranger.dir + "/ca.pem", cert, key, false},
		"another's certificate": {engineAPIKey, a.dir + "/ca.pem", otherCert, otherKey, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "temporal.toml")
			ok(t, os.WriteFile(file, fmt.Appendf(nil, "[profile.own]\naddress = %q\nnamespace = \"trial\"\napi_key = %q\n[profile.own.tls]\nserver_ca_cert_path = %q\nclient_cert_path = %q\nclient_key_path = %q\n",
				addr, c.apiKey, c.ca, c.cert, c.key), 0o600))
			o, err := EngineOptions(config.Engine{Profile: "own", ConfigFile: file}, slog.New(slog.DiscardHandler))
			ok(t, err)
			client, err := Dial(t.Context(), o, time.Millisecond, slog.New(slog.DiscardHandler))
			if err == nil {
				client.Close()
			}
			if (err == nil) != c.connects {
				t.Errorf("connects: %v", err)
			}
			if !c.connects {
				hinted(t, err)
			}
		})
	}
}
