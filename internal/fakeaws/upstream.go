package fakeaws

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// upstream passes requests on to another AWS stand-in.
type upstream struct {
	base      *url.URL
	transport *http.Transport

	mu   sync.Mutex
	keys map[string]upstreamKey
}

// upstreamKey is a temporary credential that the upstream knows.
type upstreamKey struct{ id, token string }

func newUpstream(address string) (*upstream, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("upstream %q is not an http address", address)
	}
	return &upstream{
		base:      base,
		transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true, IdleConnTimeout: time.Minute},
		keys:      map[string]upstreamKey{},
	}, nil
}

// hopHeaders belong to one connection and are not passed on.
var hopHeaders = []string{"Connection", "Keep-Alive", "Transfer-Encoding", "Te", "Trailer", "Upgrade", "Expect", "Proxy-Connection"}

// send passes a call on with its Host header and signature and returns the
// answer as it came. The upstream knows the account of the key, or else the key
// is translated.
func (u *upstream) send(c *Call, known bool) (reply, error) {
	in := c.request
	out := in.Clone(in.Context())
	out.URL.Scheme, out.URL.Host = u.base.Scheme, u.base.Host
	out.RequestURI = ""
	out.Host = in.Host
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(c.body)), int64(len(c.body))
	out.TransferEncoding = nil
	for _, name := range hopHeaders {
		out.Header.Del(name)
	}
	if !known && c.Account != DefaultAccount && c.accessKey != "" {
		if err := u.translateKey(c, out); err != nil {
			return reply{}, err
		}
	}
	return u.roundTrip(out)
}

func (u *upstream) roundTrip(r *http.Request) (reply, error) {
	resp, err := u.transport.RoundTrip(r)
	if err != nil {
		return reply{}, fmt.Errorf("upstream: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, fmt.Errorf("upstream answer: %w", err)
	}
	for _, name := range hopHeaders {
		resp.Header.Del(name)
	}
	return reply{status: resp.StatusCode, header: resp.Header, body: body}, nil
}

// translateKey replaces a key of this server by one that the upstream hands out
// for the same account. moto would take an unknown key for its default account
// and answer with another account's resources. The signature no longer fits
// then, which moto does not check unless told to.
func (u *upstream) translateKey(c *Call, out *http.Request) error {
	key, err := u.keyFor(out.Context(), c.Account)
	if err != nil {
		return err
	}
	authorization := out.Header.Get("Authorization")
	out.Header.Set("Authorization", strings.Replace(authorization, "Credential="+c.accessKey+"/", "Credential="+key.id+"/", 1))
	out.Header.Set("X-Amz-Security-Token", key.token)
	return nil
}

// keyFor returns the upstream's temporary key for an account.
func (u *upstream) keyFor(ctx context.Context, account string) (upstreamKey, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if key, ok := u.keys[account]; ok {
		return key, nil
	}
	form := url.Values{
		"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleSessionName": {"fakeaws"},
		"RoleArn": {"arn:aws:iam::" + account + ":role/fakeaws"},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.base.JoinPath("/").String(), strings.NewReader(form.Encode()))
	if err != nil {
		return upstreamKey{}, fmt.Errorf("upstream key of %s: %w", account, err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=fakeaws/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0")
	answer, err := u.roundTrip(r)
	if err != nil {
		return upstreamKey{}, fmt.Errorf("upstream key of %s: %w", account, err)
	}
	id, token := stsKeyPattern.FindSubmatch(answer.body), stsTokenPattern.FindSubmatch(answer.body)
	if id == nil || token == nil {
		return upstreamKey{}, fmt.Errorf("upstream key of %s: AssumeRole answered %d without credentials", account, answer.status)
	}
	u.keys[account] = upstreamKey{string(id[1]), string(token[1])}
	return u.keys[account], nil
}

// forgetKeys drops keys that the upstream no longer knows after a reset.
func (u *upstream) forgetKeys() {
	u.mu.Lock()
	defer u.mu.Unlock()
	clear(u.keys)
}

// couldNotAnswer tells whether an answer says that the upstream lacks the
// operation: moto gives 500, 501 or an HTML page.
func couldNotAnswer(r reply) bool {
	return r.status >= http.StatusInternalServerError ||
		(r.status == http.StatusNotFound && strings.HasPrefix(r.header.Get("Content-Type"), "text/html") && bytes.Contains(r.body, []byte("<!doctype html")))
}
