using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Workbench.Distributed.Launch;

/// <summary>The IPv4 addresses that other machines may reach this one by.</summary>
internal static class OwnAddresses
{
    /// <summary>Those of the interfaces or networks that <paramref name="network"/> names (see <see cref="JobOptions.Network"/>); null for all.</summary>
    /// <exception cref="DistributedException">There are none.</exception>
    public static IReadOnlyList<IPAddress> Find(string? network)
    {
        var wanted = network?.Split(',');
        var found =
            from device in NetworkInterface.GetAllNetworkInterfaces()
            // Also of one that is down: with a pulled cable the ranks of this machine still reach its own address.
            from unicast in device.GetIPProperties().UnicastAddresses
            let address = unicast.Address
            where address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)
            where wanted is null || wanted.Any(name => name == device.Name || IPNetwork.TryParse(name, out var net) && net.Contains(address))
            select address;
        return found.ToList() is { Count: > 0 } addresses
            ? addresses
            : throw new DistributedException($"This machine has no IPv4 address on the network '{network ?? "any"}'; its interfaces: " +
                $"{string.Join(", ", NetworkInterface.GetAllNetworkInterfaces().Select(device => device.Name))}. Ranks on other hosts cannot reach it.");
    }
}
