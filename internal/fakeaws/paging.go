package fakeaws

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Paging serves the full list of a JSON body in pages, with opaque tokens as
// AWS gives them: a token leads to the next page and any other is refused.
type Paging struct {
	// Items is the name of the list in the body.
	Items string `json:"items"`
	// Size is the largest page.
	Size int `json:"size"`
	// TokenIn and TokenOut are the token's names in request and answer,
	// nextToken when empty.
	TokenIn  string `json:"tokenIn,omitempty"`
	TokenOut string `json:"tokenOut,omitempty"`
	// LimitIn is the request's name for the wanted page size, none when empty.
	LimitIn string `json:"limitIn,omitempty"`
	// More is a boolean of the answer that says whether pages follow, as kms
	// has it (Truncated); none when empty.
	More string `json:"more,omitempty"`
}

func (p *Paging) tokenIn() string  { return orDefault(p.TokenIn, "nextToken") }
func (p *Paging) tokenOut() string { return orDefault(p.TokenOut, "nextToken") }

func orDefault(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// check refuses a body that holds no such list.
func (p *Paging) check(body []byte) error {
	if p.Size < 1 {
		return errors.New("paging needs a size of at least 1")
	}
	_, _, err := p.split(body)
	return err
}

// split returns the body's members and the list to be paged.
func (p *Paging) split(body []byte) (map[string]json.RawMessage, []json.RawMessage, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, nil, fmt.Errorf("paged body: %w", err)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(object[p.Items], &items); err != nil {
		return nil, nil, fmt.Errorf("paged list %q: %w", p.Items, err)
	}
	return object, items, nil
}

// cut returns the page the call asks for.
func (p *Paging) cut(c *Call, body []byte) ([]byte, error) {
	object, items, err := p.split(body)
	if err != nil {
		return nil, err
	}
	from := 0
	if token, ok := c.Param(p.tokenIn()); ok && token != "" {
		if from, err = readToken(token); err != nil || from > len(items) {
			return nil, errors.New("the token is invalid")
		}
	}
	to := min(len(items), from+p.sizeFor(c))
	object[p.Items] = mustJSON(items[from:to])
	delete(object, p.tokenOut())
	if to < len(items) {
		object[p.tokenOut()] = mustJSON(makeToken(to))
	}
	if p.More != "" {
		object[p.More] = mustJSON(to < len(items))
	}
	return mustJSON(object), nil
}

func (p *Paging) sizeFor(c *Call) int {
	if p.LimitIn == "" {
		return p.Size
	}
	text, _ := c.Param(p.LimitIn)
	if limit, err := strconv.Atoi(text); err == nil && limit > 0 {
		return min(limit, p.Size)
	}
	return p.Size
}

const tokenPrefix = "fakeaws-page:"

func makeToken(offset int) string {
	return base64.StdEncoding.EncodeToString([]byte(tokenPrefix + strconv.Itoa(offset)))
}

func readToken(token string) (int, error) {
	data, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(data) < len(tokenPrefix) || string(data[:len(tokenPrefix)]) != tokenPrefix {
		return 0, errors.New("not a token of this server")
	}
	return strconv.Atoi(string(data[len(tokenPrefix):]))
}
