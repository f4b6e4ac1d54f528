namespace Workbench.Notebooks.Kernel.Jupyter;

/// <summary>
/// What the Python process runs to hand variables over as JSON files. A value is JSON where JSON has it, else an object
/// whose key <c>$kind</c> says what it is: table, array, datetime, bytes, dict (one whose own keys would look like these).
/// </summary>
internal static class PythonShare
{
    /// <summary>The one name that this leaves in the Python process.</summary>
    public const string Name = "_workbench_share";

    public const string Source = """
        def _workbench_share():
            import base64, datetime, json, keyword, math, types

            def number(value):
                if isinstance(value, float) and not math.isfinite(value):
                    return {'$kind': 'float', 'value': 'NaN' if value != value else 'Infinity' if value > 0 else '-Infinity'}
                if isinstance(value, int) and not -2**63 <= value < 2**63:
                    raise TypeError(f'the integer {value} does not fit 64 bits')
                return value

            def cell(value):
                if value is None or value != value or type(value).__name__ == 'NAType':
                    return None
                return encode(value)

            def table(names, columns, kinds):
                return {'$kind': 'table', 'columns': [{'name': str(n), 'type': k, 'values': [cell(v) for v in c]} for n, c, k in zip(names, columns, kinds)]}

            def encode(value):
                kind, module = type(value).__name__, type(value).__module__.split('.')[0]
                if value is None or isinstance(value, (bool, str)):
                    return value
                if module == 'pandas' and kind == 'DataFrame':
                    return table(value.columns, [value.iloc[:, i].tolist() for i in range(value.shape[1])], [str(t) for t in value.dtypes])
                if module == 'polars' and kind == 'DataFrame':
                    return table(value.columns, [c.to_list() for c in value.get_columns()], [str(t) for t in value.dtypes])
                if module == 'pandas' and kind == 'Timestamp':
                    return None if value != value else encode(value.to_pydatetime())
                if module in ('pandas', 'polars') and kind == 'Series':
                    return encode(value.to_list())
                if module == 'numpy' and kind == 'ndarray':
                    if value.dtype.kind not in 'biuf' or value.ndim not in (1, 2):
                        raise TypeError(f'a numpy array of type {value.dtype} with {value.ndim} dimensions cannot be shared; numbers in 1 or 2 dimensions can')
                    return {'$kind': 'array', 'shape': list(value.shape), 'type': value.dtype.kind, 'values': [number(v) for v in value.ravel().tolist()]}
                if module == 'numpy' and hasattr(value, 'item'):
                    return encode(value.item())
                if isinstance(value, (int, float)):
                    return number(value)
                if isinstance(value, datetime.datetime):
                    return {'$kind': 'datetime', 'value': value.isoformat()}
                if isinstance(value, datetime.date):
                    return {'$kind': 'datetime', 'value': value.isoformat() + 'T00:00:00'}
                if isinstance(value, (bytes, bytearray)):
                    return {'$kind': 'bytes', 'value': base64.b64encode(value).decode()}
                if isinstance(value, dict):
                    wrong = [k for k in value if not isinstance(k, str)]
                    if wrong:
                        raise TypeError(f'a dict with the key {wrong[0]!r} cannot be shared; keys must be texts')
                    items = {k: encode(v) for k, v in value.items()}
                    return {'$kind': 'dict', 'value': items} if '$kind' in items else items
                if isinstance(value, (list, tuple)):
                    return [encode(v) for v in value]
                raise TypeError(f'a value of type {type(value).__module__}.{kind} cannot be shared; numbers, texts, dates, bytes, lists, dicts with text keys, numpy arrays and DataFrames can')

            def decode(value):
                if isinstance(value, list):
                    return [decode(v) for v in value]
                if not isinstance(value, dict):
                    return value
                kind = value.get('$kind')
                if kind is None:
                    return {k: decode(v) for k, v in value.items()}
                if kind == 'float':
                    return float(value['value'])
                if kind == 'datetime':
                    return datetime.datetime.fromisoformat(value['value'])
                if kind == 'bytes':
                    return base64.b64decode(value['value'])
                if kind == 'dict':
                    return {k: decode(v) for k, v in value['value'].items()}
                columns = {c['name']: [decode(v) for v in c['values']] for c in value['columns']}
                try:
                    import pandas
                except ImportError:
                    return columns
                return pandas.DataFrame(columns)

            def save(name, path, scope):
                if name not in scope:
                    raise NameError(name)
                text = json.dumps(encode(scope[name]), allow_nan=False)
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(text)

            def load(name, path, scope):
                if not name.isidentifier() or keyword.iskeyword(name):
                    raise ValueError(f'{name!r} is no name for a Python variable')
                with open(path, encoding='utf-8') as file:
                    scope[name] = decode(json.load(file))

            def names(path, scope):
                hidden = {'In', 'Out', 'exit', 'quit', 'get_ipython', 'open'}
                found = [{'name': n, 'type': type(v).__name__, 'text': repr(v)[:200]} for n, v in sorted(scope.items())
                         if not n.startswith('_') and n not in hidden and not isinstance(v, (types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType))]
                with open(path, 'w', encoding='utf-8') as file:
                    json.dump(found, file)

            return types.SimpleNamespace(save=save, load=load, names=names)

        _workbench_share = _workbench_share()
        """;
}
