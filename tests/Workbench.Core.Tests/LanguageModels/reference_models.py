"""GPT-2 and the Llama family in plain numpy (float64), with a safetensors reader and writer of its own.

Follows the model descriptions and the format's text, not Workbench's code:
  GPT-2      Radford et al. 2019; Hugging Face's names and Conv1D layout (y = x W + b, W is [in, out])
  Llama      Touvron et al. 2023; rotate-half rotary positions; grouped keys and values
  scaling    linear, dynamic NTK and Llama 3.1's, as in Hugging Face's modeling_rope_utils
  format     https://github.com/huggingface/safetensors#format

`write FOLDER` writes a random checkpoint a case into FOLDER/NAME with tokens.json and logits.json.
`read FOLDER`  reads FOLDER/NAME (written by Workbench) and prints {NAME: logits} as JSON. Where the folder has a PEFT adapter
in adapter/, it is merged: W + lora_alpha / r * B A, transposed with fan_in_fan_out (Hu et al. 2021; PEFT's Linear.get_delta_weight),
into the modules that target_modules names by the end of their name.
"""
import json, math, os, struct, sys
import numpy as np

SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}


def read_file(path):
    with open(path, "rb") as f:
        raw = f.read()
    (length,) = struct.unpack("<Q", raw[:8])
    assert length % 8 == 0, "header is not padded to 8"
    header, data, tensors, used = json.loads(raw[8 : 8 + length]), raw[8 + length :], {}, 0
    assert header.pop("__metadata__", None) == {"format": "pt"}, "transformers wants format: pt"
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        count = int(np.prod(entry["shape"])) if entry["shape"] else 1
        assert end - start == count * SIZES[entry["dtype"]], name
        used += end - start
        piece = data[start:end]
        if entry["dtype"] == "BF16":
            values = (np.frombuffer(piece, "<u2").astype(np.uint32) << 16).view(np.float32)
        else:
            values = np.frombuffer(piece, {"F64": "<f8", "F32": "<f4", "F16": "<f2"}[entry["dtype"]])
        tensors[name] = values.astype(np.float64).reshape(entry["shape"])
    assert used == len(data), "holes or overlaps"
    return tensors


def write_file(path, tensors, dtype):
    header, pieces, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, values in tensors.items():
        if dtype == "BF16":
            piece = (values.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
        else:
            piece = values.astype({"F32": "<f4", "F16": "<f2"}[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [offset, offset + len(piece)]}
        pieces.append(piece)
        offset += len(piece)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(pieces))


def read_folder(folder):
    index = os.path.join(folder, "model.safetensors.index.json")
    if not os.path.exists(index):
        return read_file(os.path.join(folder, "model.safetensors"))
    listed, tensors = json.load(open(index)), {}
    for name in sorted(set(listed["weight_map"].values())):
        tensors.update(read_file(os.path.join(folder, name)))
    assert set(tensors) == set(listed["weight_map"]), "index and files differ"
    return tensors


def with_adapter(folder, weights):
    if not os.path.exists(os.path.join(folder, "adapter_config.json")):
        return weights
    config, adapter = json.load(open(os.path.join(folder, "adapter_config.json"))), read_file(os.path.join(folder, "adapter_model.safetensors"))
    assert config["peft_type"] == "LORA" and config["task_type"] == "CAUSAL_LM" and config["bias"] == "none"
    modules = [name[: -len(".weight")] for name in weights if name.endswith(".weight") and weights[name].ndim == 2]
    targets = [m for m in modules if any(m == t or m.endswith("." + t) for t in config["target_modules"])]
    expected = {f"base_model.model.{m}.lora_{part}.weight" for m in targets for part in "AB"}
    assert set(adapter) == expected, sorted(set(adapter) ^ expected)
    for m in targets:
        a, b = (adapter[f"base_model.model.{m}.lora_{part}.weight"] for part in "AB")
        assert a.shape[0] == b.shape[1] == config["r"]
        scale = config["lora_alpha"] / (math.sqrt(config["r"]) if config["use_rslora"] else config["r"])
        delta = scale * b @ a
        weights[m + ".weight"] = weights[m + ".weight"] + (delta.T if config["fan_in_fan_out"] else delta)
    return weights


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attend(q, k, v, scale, window=None):
    scores = np.einsum("bhqd,bhkd->bhqk", q, k) * scale
    for i in range(q.shape[2]):
        for j in range(q.shape[2]):
            if j > i or (window and i - j >= window):
                scores[:, :, i, j] = -np.inf
    return np.einsum("bhqk,bhkd->bhqd", softmax(scores), v)


def heads(x, n):
    return x.reshape(x.shape[0], x.shape[1], n, -1).transpose(0, 2, 1, 3)


def join(x):
    return x.transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


ACTIVATIONS = {
    "gelu_new": gelu_tanh,
    "gelu": lambda x: 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "relu": lambda x: np.maximum(x, 0),
}


def gpt2(config, w, tokens):
    w = {name.removeprefix("transformer."): values for name, values in w.items()}
    n, eps = config["n_head"], config.get("layer_norm_epsilon", 1e-5)

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + eps) * w[name + ".weight"] + w[name + ".bias"]

    def conv1d(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    x = w["wte.weight"][tokens] + w["wpe.weight"][np.arange(tokens.shape[1])]
    for i in range(config["n_layer"]):
        h = f"h.{i}."
        q, k, v = (heads(part, n) for part in np.split(conv1d(norm(x, h + "ln_1"), h + "attn.c_attn"), 3, -1))
        scale = 1 / math.sqrt(q.shape[-1]) if config.get("scale_attn_weights", True) else 1.0
        if config.get("scale_attn_by_inverse_layer_idx"):
            scale /= i + 1
        x = x + conv1d(join(attend(q, k, v, scale)), h + "attn.c_proj")
        activation = ACTIVATIONS[config.get("activation_function", "gelu_new")]
        x = x + conv1d(activation(conv1d(norm(x, h + "ln_2"), h + "mlp.c_fc")), h + "mlp.c_proj")
    head = w["wte.weight"] if config.get("tie_word_embeddings", True) else w["lm_head.weight"]
    return norm(x, "ln_f") @ head.T


def frequencies(config, dim, length):
    new = config.get("rope_parameters") or {}
    base = new.get("rope_theta", config.get("rope_theta", 10000.0))
    scaling = new or config.get("rope_scaling") or {}
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    factor, context = scaling.get("factor", 1.0), config["max_position_embeddings"]
    if kind == "dynamic":
        base = base * ((factor * max(length, context) / context) - (factor - 1)) ** (dim / (dim - 2))
    inverse = [base ** (-2 * i / dim) for i in range(dim // 2)]
    if kind == "linear":
        inverse = [f / factor for f in inverse]
    if kind == "llama3":
        low, high, old = scaling["low_freq_factor"], scaling["high_freq_factor"], scaling["original_max_position_embeddings"]
        for i, f in enumerate(inverse):
            wavelength = 2 * math.pi / f
            if wavelength > old / low:
                inverse[i] = f / factor
            elif wavelength >= old / high:
                smooth = (old / wavelength - low) / (high - low)
                inverse[i] = (1 - smooth) * f / factor + smooth * f
    return np.array(inverse)


def llama(config, w, tokens):
    n, groups = config["num_attention_heads"], config.get("num_key_value_heads", config["num_attention_heads"])
    eps = config.get("rms_norm_eps", 1e-6)

    def norm(x, name):
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + eps) * w[name + ".weight"]

    def linear(x, name):
        return x @ w[name + ".weight"].T + w.get(name + ".bias", 0)

    x = w["model.embed_tokens.weight"][tokens]
    dim = config.get("head_dim") or config["hidden_size"] // n
    angles = np.arange(tokens.shape[1])[:, None] * frequencies(config, dim, tokens.shape[1])[None, :]
    cos, sin = np.cos(angles), np.sin(angles)

    def rotate(x):  # each pair (i, i + dim/2) is a point in the plane
        a, b = x[..., : dim // 2], x[..., dim // 2 :]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)

    for i in range(config["num_hidden_layers"]):
        layer = f"model.layers.{i}."
        h, attention = norm(x, layer + "input_layernorm"), layer + "self_attn."
        q = rotate(heads(linear(h, attention + "q_proj"), n))
        k = rotate(heads(linear(h, attention + "k_proj"), groups))
        v = heads(linear(h, attention + "v_proj"), groups)
        share = [head * groups // n for head in range(n)]
        window = config.get("sliding_window") if config["model_type"] == "mistral" else None
        if config.get("use_sliding_window") and i >= config["max_window_layers"]:
            window = config["sliding_window"]
        x = x + linear(join(attend(q, k[:, share], v[:, share], 1 / math.sqrt(dim), window)), attention + "o_proj")
        h, mlp = norm(x, layer + "post_attention_layernorm"), layer + "mlp."
        activation = ACTIVATIONS[config.get("hidden_act", "silu")]
        x = x + linear(activation(linear(h, mlp + "gate_proj")) * linear(h, mlp + "up_proj"), mlp + "down_proj")
    head = w["model.embed_tokens.weight"] if config.get("tie_word_embeddings", False) else w["lm_head.weight"]
    return norm(x, "model.norm") @ head.T


def logits(config, weights, tokens):
    return (gpt2 if config["model_type"] == "gpt2" else llama)(config, weights, np.array(tokens))


# --- checkpoints -------------------------------------------------------------------------------------------------------

GPT2 = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 61, "n_positions": 24, "n_ctx": 24, "n_embd": 32, "n_layer": 3,
        "n_head": 4, "layer_norm_epsilon": 1e-5, "attn_pdrop": 0.1, "embd_pdrop": 0.1, "resid_pdrop": 0.1, "summary_type": "cls_index",
        "bos_token_id": 60, "eos_token_id": 60, "task_specific_params": {"text-generation": {"do_sample": True}}}
LLAMA = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 67, "hidden_size": 32, "intermediate_size": 44,
         "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "hidden_act": "silu", "max_position_embeddings": 256,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": False, "pretraining_tp": 1, "use_cache": True, "torch_dtype": "float32"}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}
CASES = {
    "gpt2": (GPT2, dict(prefix="", buffers=True)),
    "gpt2-odd": ({**GPT2, "n_inner": 52, "activation_function": "gelu", "scale_attn_by_inverse_layer_idx": True, "tie_word_embeddings": False}, {}),
    "gpt2-unscaled": ({**GPT2, "scale_attn_weights": False, "activation_function": "relu"}, dict(buffers=True)),
    "llama3": ({**LLAMA, "rope_scaling": LLAMA3}, dict(shards=3)),
    "llama-wide-heads": ({**LLAMA, "head_dim": 12, "num_key_value_heads": 1, "attention_bias": True, "mlp_bias": True,
                          "rope_scaling": {"type": "linear", "factor": 2.5}}, {}),
    "llama-dynamic": ({**LLAMA, "max_position_embeddings": 8, "rope_scaling": {"rope_type": "dynamic", "factor": 2.0}}, dict(length=15)),
    "llama-v5": ({**{k: v for k, v in LLAMA.items() if k != "rope_theta"}, "rope_parameters": {"rope_theta": 5000.0, **LLAMA3}}, dict(dtype="F16")),
    "qwen2": ({**LLAMA, "model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "tie_word_embeddings": True, "rope_theta": 1000000.0,
               "use_sliding_window": False, "sliding_window": 32768, "max_window_layers": 2}, dict(tied_copy=True)),
    "qwen2-bf16": ({**LLAMA, "model_type": "qwen2", "tie_word_embeddings": True, "torch_dtype": "bfloat16"}, dict(dtype="BF16")),
    "qwen2-window": ({**LLAMA, "model_type": "qwen2", "use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1}, {}),
    "mistral-window": ({**LLAMA, "model_type": "mistral", "sliding_window": 5}, {}),
    "mistral": ({**LLAMA, "model_type": "mistral", "sliding_window": None, "head_dim": 8}, {}),
}


def shapes(config, prefix="transformer.", buffers=False, tied_copy=False, **_):
    v = config["vocab_size"]
    if config["model_type"] == "gpt2":
        d, inner = config["n_embd"], config.get("n_inner") or 4 * config["n_embd"]
        yield prefix + "wte.weight", (v, d)
        yield prefix + "wpe.weight", (config["n_positions"], d)
        for i in range(config["n_layer"]):
            h = f"{prefix}h.{i}."
            for norm in ("ln_1", "ln_2"):
                yield from ((f"{h}{norm}.weight", (d,)), (f"{h}{norm}.bias", (d,)))
            for name, a, b in (("attn.c_attn", d, 3 * d), ("attn.c_proj", d, d), ("mlp.c_fc", d, inner), ("mlp.c_proj", inner, d)):
                yield from ((f"{h}{name}.weight", (a, b)), (f"{h}{name}.bias", (b,)))
            if buffers:
                yield from ((h + "attn.bias", (1, 1, 24, 24)), (h + "attn.masked_bias", ()))
        yield from ((prefix + "ln_f.weight", (d,)), (prefix + "ln_f.bias", (d,)))
        if not config.get("tie_word_embeddings", True):
            yield "lm_head.weight", (v, d)
        return
    d, f, n = config["hidden_size"], config["intermediate_size"], config["num_attention_heads"]
    dim = config.get("head_dim") or d // n
    queries, groups = n * dim, config["num_key_value_heads"] * dim
    qkv = config["model_type"] == "qwen2" or config.get("attention_bias", False)
    yield "model.embed_tokens.weight", (v, d)
    for i in range(config["num_hidden_layers"]):
        layer = f"model.layers.{i}."
        for name, a, b, bias in (("self_attn.q_proj", d, queries, qkv), ("self_attn.k_proj", d, groups, qkv), ("self_attn.v_proj", d, groups, qkv),
                                 ("self_attn.o_proj", queries, d, config.get("attention_bias", False)), ("mlp.gate_proj", d, f, config.get("mlp_bias", False)),
                                 ("mlp.up_proj", d, f, config.get("mlp_bias", False)), ("mlp.down_proj", f, d, config.get("mlp_bias", False))):
            yield f"{layer}{name}.weight", (b, a)
            if bias:
                yield f"{layer}{name}.bias", (b,)
        yield from ((layer + "input_layernorm.weight", (d,)), (layer + "post_attention_layernorm.weight", (d,)))
    yield "model.norm.weight", (d,)
    if tied_copy or not config.get("tie_word_embeddings", False):
        yield "lm_head.weight", (v, d)


def write_case(folder, seed, config, options):
    random = np.random.default_rng(seed)
    weights = {name: random.normal(1 if "norm" in name or "ln_" in name else 0, 0.25, shape) for name, shape in shapes(config, **options)}
    os.makedirs(folder)
    dtype, count = options.get("dtype", "F32"), options.get("shards", 1)
    names = list(weights)
    if count == 1:
        write_file(os.path.join(folder, "model.safetensors"), weights, dtype)
    else:
        places = {name: f"model-{i * count // len(names) + 1:05}-of-{count:05}.safetensors" for i, name in enumerate(names)}
        for file in sorted(set(places.values())):
            write_file(os.path.join(folder, file), {name: weights[name] for name in names if places[name] == file}, dtype)
        json.dump({"metadata": {"total_size": sum(w.size * SIZES[dtype] for w in weights.values())}, "weight_map": places},
                  open(os.path.join(folder, "model.safetensors.index.json"), "w"))
    json.dump(config, open(os.path.join(folder, "config.json"), "w"))
    tokens = random.integers(0, config["vocab_size"], (2, options.get("length", 21))).tolist()
    json.dump(tokens, open(os.path.join(folder, "tokens.json"), "w"))
    json.dump(logits(config, read_folder(folder), tokens).tolist(), open(os.path.join(folder, "logits.json"), "w"))


def main(action, root):
    if action == "write":
        for seed, (name, (config, options)) in enumerate(CASES.items()):
            write_case(os.path.join(root, name), seed, config, options)
        print(json.dumps(list(CASES)))
    else:
        results = {}
        for name in sorted(os.listdir(root)):
            folder = os.path.join(root, name)
            config = json.load(open(os.path.join(folder, "config.json")))
            results[name] = logits(config, with_adapter(os.path.join(folder, "adapter"), read_folder(folder)), json.load(open(os.path.join(folder, "tokens.json")))).tolist()
        print(json.dumps(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
