# Waits until nobody uses the cluster in this directory any more; `stop.sh` then stops its server.
#
# Input: the reading end of the pipe `users`. It ends when the last process that has the pipe open
# for writing is gone, killed or not. Output: the file `watch.lock`, locked while this runs.

trap '' HUP INT QUIT TERM
echo "$$"

# A line is the question of someone who has just opened the pipe: is this still waiting? Only a
# pipe at its end twice is at its end, because a signal may end one `read`.
while read -r question || read -r question; do
    true > "answer.$question"
done
