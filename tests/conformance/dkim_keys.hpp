// Public keys made for these tests; their private halves were thrown away.
#pragma once

#include <array>
#include <string_view>

namespace mxsmith::conformance {

struct KeyPair {
  std::string_view kind;       ///< "RSA 2048"
  std::string_view algorithm;  ///< As DKIM's k= says it.
  std::string_view first;      ///< base64, as p= has it.
  std::string_view second;
};

inline constexpr std::array<KeyPair, 4> kDkimKeys{{
    {"RSA 1024", "rsa",
     "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDFV6zmtydGHO/sIaIoki4w1Wo6C3+VT/HK2AHwFHy2XDtM"
     "uD7QjnjKy6CqN5C6Vd9egBlkfNrZ1LYiq3T5POtjgriZm6yJHxPtHearpRFqOfgfmi/suxcPhbIcXB1KTfrD"
     "uIflPVjeH/hGlQTBEl1KovMkHS/mFxLHPaG2AqfY6QIDAQAB",
     "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDsj5QmylfKRppnDzG5C8wVIN8qdqXX78IyUlZNZj6CGD0R"
     "C3+10VM86kLXTRlwT0mFvAsGa4Zad5fKuVPTZs86FRSHuQ6/YlJN/+CZsMi3f7gh7VlbQFih/zrpczHHknG5"
     "wYpRRdDtZ2NOCfd6pswqtjZW4CIFHGfSx10Lk5MDDwIDAQAB"},
    {"RSA 2048", "rsa",
     "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1wECS13uzhAaeXT/oXHhQpKVHH8GO3p7tf1oAujW"
     "yeOJOItcULWVN/dJLGOHz6HdPbG1M833vSA7yhzp07Y0azcPy/3CTgYfddKB7ocXQ+RozJwjc7T0Q51ruRoX"
     "7DoEU35R1KfJ+Vqv5Ag65wusYPYLCJvkKqBixY5DSNzzyO8Usj9E+IJtOqV1ZKChAMT1eOU8BvdFodVVjUCq"
     "kLoVQM+Ya/IEF7R5Ln2A5njygkExzzLushhTXcGzUP7m8rbbo1x8EzsfU8137s0kyu4Z8vc3oqWZUnu2FBeE"
     "QNVkZS6PM7jRNapnPqihPaQHbpsz6XoITy5S/caf7mvSL2y+IwIDAQAB",
     "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAzWezV+Zms1IiwaAAFHuMU60eiCcfA/BAsWmQMQp1"
     "jJ56NmvymK1MPJbjG+j7Njidi1ML19aS0KZIsk3rmxfNpfqtyWL/KaLTXfl+D7g90LSZFCb4mcf9YsP5eveW"
     "vP1X9nxtcSP+HFSuj0tSMq+u677Svndxld/P1y7EWhQxQgE7hLm0LFcb1MBInTKskV8oLgCfTGc5RphKgKxZ"
     "koiWq4JoFoe7XarrXO936Zi7FqbA+0RP4//GznYMQVFUHEiRZczh8SdpR2+KlCMqLbuIUWaVAw9pmk6zBCDn"
     "U6OrdG4mHHCgpiDzh8DtPYnz6fLeRSWthQLhip9HvJaEgaInZQIDAQAB"},
    {"RSA 4096", "rsa",
     "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAotY7NTNnIifQ5qnONDXRRk4KK/G+uTs6d+g4nIeZ"
     "lNLKduCeuNUgoaVdUVjWM1KDPeIQmXX2UaP6r6FlkLck2NYnzDZN0mVRn8AusQrfyk98QoMEGcQR5eJhXi5M"
     "GDLVXieA7sLIqHlO8WRxKvvUtXgZqh3UorbFIZCxX5/b8b4PaeMEHhlrnKBmdRQ2tZ9qUl3UFZMKESDIdE9i"
     "iefQjoQzawEjIXcQDCZNjBWlg7Y7Ck9u47VQWgq543gCe3wE64gwBXRSxsaZLjP3M52Jrn8MwFKqWDCfeJVF"
     "ZjApVeVO6En45U4e4+Dv7LfwfoURgVZ8fXNb9VLMB2zNgrsDSxWWd+SsJXaTpwEGpXllSbq8wNJjLQN3lePl"
     "akLRF9G7BDlmLHwur3poouOdopDIDwai3Rp50N0O3XY+mkVuNAddo8JsXKnI7ixk4TrOy+gpMez6+rfemCA3"
     "weyLRtcp9BQC5SbLO3OxgfzeheNGzANZemrwxi/PadzsQUEedJfgdMALzNvuwzui6aq9Kp2QGn91abOf45dx"
     "E97Kn5xAFGOBJvgBxfkyhsKaBpcPRB8zv8fCHYEVZjojGiPm4KmkxjPLI23j0RQtxY5JwK+CIHps8roakKFh"
     "kVIkcxwQqrpiZB6w77fQuCtwx3MqxiM337pcpAuMgS4/aYbxbOY2lWcCAwEAAQ==",
     "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAie8Bts4YgyhXhW4z/OjB8hHgQVuoaGeWKniQCgq5"
     "hmm721EID3QomyROeYaMyhIWAH+9MGzsCeFbEhC2z0AlJYN39Blm+Ips9sn8pbGNXcVU/dMhlHlERt1pTln/"
     "05eR4g8q9or0yBfsdqQ8QS+CCzR8tiE8555go8WiXgJee4u6Yh12UXq1UejI9TNAMklyzjaK8Fge8apEIS7U"
     "hIH6VD3o5XFQOx7Zx3ZWInz69jKMTF9kT+Q9KeMgZqMG7BVFxxUtElDc6EolPpBWQjmkG5WJcOK2BtNCn5PM"
     "EEW6hkbJZr+q77jcvl2iqFtYjPLjzjPTO5NBLq5GxP6iHfjR7hPRHC1Zui1BmNFoGYV0NphPEP5Cn1VFFRbq"
     "5rlRgnAGu9PJb/TfKW3qweLMAWLPm4z7/sd3gRmCfTWPwzKf+qx2ZCzUA8kD6VwbqQ81lmNi//ttlt+2cCY2"
     "MObpSqNzyeu3I1hf8vmhv1la3/u2WblaPr35Rqv6cbJBxNBh/l9gi8Xxe8FfoN6NiBDQWjWXw400W2ro1ZCC"
     "YSxf0i5HqZzDUlBMPW7+pqXZ9k9v6C8irllG5IJeudwTC8566M2gi7VFoK1C5hpaJ33hyeB3K7NNwWqdY3vr"
     "sbJU4e+qQ+xjR1b76mFgFQpeI/09naQu8INLlGoEc5g0JgHih+RMVr8CAwEAAQ=="},
    {"Ed25519", "ed25519", "EPs3zuEAc6t8jSC9RaKg8T1ybl9soWMyV/hZv1xko8M=",
     "ZGEwXgBAUzbNZE5ZmHEaqhgV9QUoCNomIzOmlVC/0R8="},
}};

}  // namespace mxsmith::conformance
