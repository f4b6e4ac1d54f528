namespace Workbench.Registry;

/// <summary>The address of a stored file: the SHA-256 of its bytes as 64 lower-case hexadecimal digits.</summary>
public readonly record struct ArtifactId
{
    private readonly string? _value;

    /// <summary>Takes the digits of a hash.</summary>
    /// <exception cref="ArgumentException"><paramref name="value"/> is not 64 lower-case hexadecimal digits.</exception>
    public ArtifactId(string value)
    {
        if (value is not { Length: 64 } || !value.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException($"'{value}' is no artifact id: it takes the 64 lower-case hexadecimal digits of a SHA-256.", nameof(value));
        _value = value;
    }

    /// <summary>The 64 digits.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A default artifact id names no artifact.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
