using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Workbench.Architecture.Tests;

/// <summary>
/// Finds where a number becomes a native <c>Scalar</c> that nothing keeps alive: TorchSharp reads its address and lets go of it
/// before the native call has returned, so that a garbage collection frees what libtorch still reads.
/// </summary>
internal sealed class TorchNumbers
{
    /// <summary>The one namespace that may make Scalars; it may not call what makes short-lived ones either.</summary>
    private const string Keepers = "Workbench.Tensors";

    private const string Scalar = "TorchSharp.Scalar";

    private static readonly Lazy<TorchNumbers> Lazy = new(Read);

    private readonly Dictionary<string, TypeDefinition> _types;
    private readonly HashSet<string> _makers = [];

    private TorchNumbers(ModuleDefinition torch)
    {
        _types = torch.GetTypes().ToDictionary(type => type.FullName);
        var calls = (from method in _types.Values.Where(type => type.FullName != Scalar).SelectMany(type => type.Methods)
                     where method.HasBody
                     from call in Calls(method)
                     select (Caller: method.FullName, Called: call.Reference)).ToList();
        var callers = calls.ToLookup(call => call.Called.GetElementMethod().FullName, call => call.Caller);
        var open = new Stack<string>(calls.Where(call => IsMaker(call.Called)).Select(call => call.Caller));
        while (open.TryPop(out string? maker))   // who calls a maker is one
            if (_makers.Add(maker))
                foreach (string caller in callers[maker])
                    open.Push(caller);
    }

    /// <summary>For the TorchSharp that the tests run with.</summary>
    public static TorchNumbers Rule => Lazy.Value;

    /// <summary>
    /// Calls of an assembly into TorchSharp that make such a number, at once or further down, and modules and optimizers of
    /// TorchSharp that will when they run. A call through a base class or an interface is not seen.
    /// </summary>
    public IEnumerable<string> ShortLivedIn(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly, new() { ReadingMode = ReadingMode.Immediate });
        var findings = from type in module.GetTypes()
                       from method in type.Methods
                       where method.HasBody
                       from call in Calls(method)
                       let called = call.Reference
                       where IsMaker(called) ? !(IsKeeper(type) && called.ReturnType.FullName == Scalar) : RunsIntoMaker(called, call.Code)
                       select $"{type.FullName}.{method.Name} calls {called.DeclaringType.FullName}.{called.Name}, whose number a garbage collection can free while libtorch reads it: use {Keepers}.";
        return findings.Distinct().ToList();
    }

    private bool IsMaker(MethodReference method) =>
        method.ReturnType.FullName == Scalar || method.DeclaringType.FullName == Scalar && method.Name == ".ctor" || _makers.Contains(method.GetElementMethod().FullName);

    // BatchNorm1d(3) makes a module whose forward adds 1 to a counter.
    private bool RunsIntoMaker(MethodReference method, OpCode code)
    {
        var made = code == OpCodes.Newobj ? method.DeclaringType : method.ReturnType;
        for (var type = _types.GetValueOrDefault(made.FullName); type is not null; type = type.BaseType is { } parent ? _types.GetValueOrDefault(parent.FullName) : null)
            if (type.Methods.Any(own => own.Name is "forward" or "step" && _makers.Contains(own.FullName)))
                return true;
        return false;
    }

    private static TorchNumbers Read()
    {
        using var torch = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"), new() { ReadingMode = ReadingMode.Immediate });
        return new(torch);
    }

    // Also those whose address is taken, as lambdas' is.
    private static IEnumerable<(OpCode Code, MethodReference Reference)> Calls(MethodDefinition method) =>
        method.Body.Instructions.Where(instruction => instruction.Operand is MethodReference).Select(instruction => (instruction.OpCode, (MethodReference)instruction.Operand));

    private static bool IsKeeper(TypeDefinition type) => (type.DeclaringType ?? type).Namespace == Keepers;
}
