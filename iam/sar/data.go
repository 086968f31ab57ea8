package sar

import (
	"crypto/sha256"
	_ "embed" // the data built into the program
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed data/sar.pack
var embedded []byte

// Data is one version of the reference. Goroutines may share it.
type Data struct {
	version Version
	load    func() *index
}

// index is a pack of which services are decoded one by one.
type index struct {
	services []*lazyService // by prefix
	foreign  map[string][]string
}

type lazyService struct {
	Service // prefix, name, RCP
	load    func() *decoded
}

// decoded is a service with its tables for looking up, all by lower-case name.
type decoded struct {
	Service
	actions   map[string]*Action
	resources map[string]*ResourceType
	keys      map[string]Key
	patterns  []Key // keys with a parameter
}

var defaultData = sync.OnceValue(func() *Data {
	d, err := read(embedded)
	if err != nil {
		panic(fmt.Sprintf("the embedded service authorization data: %v", err)) // a test reads it whole
	}
	return d
})

// Default is the data built into the program.
func Default() *Data { return defaultData() }

// Open reads a pack that Build made, verifies its digest and decodes all of it, so that a fault
// shows here and not when a service is asked for.
func Open(pack []byte) (*Data, error) {
	h, err := readHeader(pack)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(h.body)
	if hex.EncodeToString(sum[:]) != h.sum {
		return nil, fmt.Errorf("the data pack is damaged: its digest is not the one it states")
	}
	if err := verify(h); err != nil {
		return nil, fmt.Errorf("the data pack is damaged: %w", err)
	}
	return read(pack)
}

// verify decodes everything once.
func verify(h header) error {
	places, _, err := h.places()
	if err != nil {
		return err
	}
	for _, p := range places {
		if _, err := decode(p.service, h.body[h.index:][p.start:p.end]); err != nil {
			return err
		}
	}
	return nil
}

func (h *header) places() ([]place, map[string][]string, error) {
	if h.index > len(h.body) {
		return nil, nil, fmt.Errorf("it ends in its index")
	}
	text, err := inflate(h.body[:h.index])
	if err != nil {
		return nil, nil, fmt.Errorf("decompress the index: %w", err)
	}
	return readIndex(text, len(h.body)-h.index)
}

// read takes a pack that is known to be whole.
func read(pack []byte) (*Data, error) {
	h, err := readHeader(pack)
	if err != nil {
		return nil, err
	}
	return &Data{version: h.version, load: sync.OnceValue(func() *index {
		places, foreign, err := h.places()
		if err != nil {
			panic(fmt.Sprintf("service authorization data %s: %v", h.version.Version, err))
		}
		x := &index{foreign: foreign}
		for _, p := range places {
			block := h.body[h.index:][p.start:p.end]
			x.services = append(x.services, &lazyService{Service: p.service, load: sync.OnceValue(func() *decoded {
				s, err := decode(p.service, block)
				if err != nil {
					panic(fmt.Sprintf("service authorization data %s: %v", h.version.Version, err))
				}
				return s
			})})
		}
		return x
	})}, nil
}

func decode(s Service, block []byte) (*decoded, error) {
	text, err := inflate(block)
	if err != nil {
		return nil, fmt.Errorf("decompress service %q: %w", s.Prefix, err)
	}
	if err := s.unmarshal(text); err != nil {
		return nil, err
	}
	d := &decoded{Service: s, actions: map[string]*Action{}, resources: map[string]*ResourceType{}, keys: map[string]Key{}}
	classes := classesOf(s.Prefix)
	for _, a := range d.Actions {
		a.Class = classes[a.Name]
		d.actions[strings.ToLower(a.Name)] = a
	}
	for _, r := range d.Resources {
		r.ARNs = append(r.ARNs, furtherARNs[r.Service+":"+r.Name]...)
		d.resources[strings.ToLower(r.Name)] = r
	}
	for _, k := range d.Keys {
		d.keys[strings.ToLower(k.Name)] = k
		if strings.Contains(k.Name, "${") {
			d.patterns = append(d.patterns, k)
		}
	}
	return d, nil
}

// furtherARNs are documented forms that the reference leaves out: global cross-Region inference
// checks foundation models without a Region ("Prerequisites for inference profiles", Bedrock User Guide).
var furtherARNs = map[string][]string{
	"bedrock:foundation-model": {"arn:${Partition}:bedrock:::foundation-model/${ModelId}"},
}

// Version says which data this is, without decoding any of it.
func (d *Data) Version() Version { return d.version }

func (d *Data) find(prefix string) *lazyService {
	services := d.load().services
	prefix = strings.ToLower(prefix)
	i, ok := slices.BinarySearchFunc(services, prefix, func(s *lazyService, p string) int { return strings.Compare(s.Prefix, p) })
	if !ok {
		return nil
	}
	return services[i]
}

func (d *Data) service(prefix string) *decoded {
	s := d.find(prefix)
	if s == nil {
		return nil
	}
	return s.load()
}

// Services lists the service prefixes in their order.
func (d *Data) Services() []string {
	services := d.load().services
	out := make([]string, len(services))
	for i, s := range services {
		out[i] = s.Prefix
	}
	return out
}

// Service gives all that is known of a service prefix; false when there is none.
// The result is shared and must not be changed.
func (d *Data) Service(prefix string) (*Service, bool) {
	s := d.service(prefix)
	if s == nil {
		return nil, false
	}
	return &s.Service, true
}

// Export gives copies of all services and the foreign key prefixes, in the form Build takes.
func (d *Data) Export() ([]*Service, map[string][]string) {
	var out []*Service
	for _, s := range d.load().services {
		c := s.load().Service
		for i, r := range c.Resources {
			if further := furtherARNs[r.Service+":"+r.Name]; further != nil {
				c.Resources = slices.Clone(c.Resources)
				plain := *r
				plain.ARNs = r.ARNs[:len(r.ARNs)-len(further)]
				c.Resources[i] = &plain
			}
		}
		out = append(out, &c)
	}
	return out, d.load().foreign
}

// RCP says whether resource control policies apply to a service ("Resource control policies
// (RCPs)", AWS Organizations User Guide). They do not to Bedrock and SageMaker.
func (d *Data) RCP(prefix string) bool {
	s := d.find(prefix)
	return s != nil && s.RCP
}
